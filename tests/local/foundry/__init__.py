"""A Foundry project on this machine, with the training jobs in it.

It serves two contracts over one set of jobs. `training_jobs` is the proposed one, in snake_case
(https://github.com/Azure/azure-rest-api-specs, `specification/ai-foundry/data-plane/Foundry`);
`jobs` is the one that Microsoft's clients call, in camelCase
(https://github.com/Azure/azure-dev, `cli/azd/extensions/azure.ai.training`). Commands really run,
declarative recipes are played. As anyone with a token of the twin can run commands as the user that
started it, it listens on 127.0.0.1 alone, and takes only tokens signed with the twin's key.

It does not prove: what the real service says where the contracts are silent (the words of a
training job's status, the codes of errors, the literal of the preview feature), how long it takes,
which roles an identity needs, quotas, images (a command runs with the Python of the twin), several
nodes (one process runs), GPUs, mounts, metrics of commands, and the training of a model.
"""
