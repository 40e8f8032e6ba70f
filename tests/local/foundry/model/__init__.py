"""What a training job may say: one model, read and written in the spelling of either contract."""
