"""Azure AI Foundry: the training jobs of a project."""
