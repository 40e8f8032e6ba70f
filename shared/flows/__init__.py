"""What happens on each trigger: one module a flow, one step a change of state."""
