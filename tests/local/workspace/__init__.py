"""An Azure Machine Learning workspace on this machine.

It speaks the job routes of Azure Resource Manager
(https://learn.microsoft.com/rest/api/azureml/jobs), refuses what the service refuses, and runs the
commands of jobs for real. Anyone with a token of the twin can therefore run commands as the user
that started it: it listens on 127.0.0.1 alone, and takes only tokens signed with the twin's key.

It does not prove: how long the real service takes, which roles an identity needs, quotas and
throttling (429 comes only as a fault), AutoML and Spark (such jobs are only played), Bayesian
sampling (it draws by chance), images (a command runs with the Python of the twin, whatever its
environment), several nodes (one process runs, whatever `instanceCount`), GPUs, mounts, and what the
real service does where its contract is silent.
"""
