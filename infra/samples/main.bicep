// Two jobs that requests may name as templates. Deploying this STARTS both: a job begins when it is made.
// Each runs for a few minutes on one small machine; limits end what does not end by itself.

@description('Required. Name of the workspace; deploy into its resource group.')
param workspaceName string

@description('Required. Id of an environment that has Python with mlflow; `az ml environment list --registry-name azureml` has some.')
@minLength(1)
param environmentId string

@description('Optional. Ends the names of the jobs: a job is made once, and its definition never changes.')
@minLength(1)
@maxLength(20)
param version string = '1'

@description('Optional. Size of the machine, or of the nodes of the cluster.')
param instanceType string = 'Standard_DS2_v2'

@description('Optional. Name of a cluster of the workspace; absent: serverless compute.')
param computeName string?

module command 'command.bicep' = {
  name: 'sample-command-${version}'
  params: {
    workspaceName: workspaceName
    name: 'fit-line-${version}'
    environmentId: environmentId
    instanceType: instanceType
    computeName: computeName
  }
}

module sweep 'sweep.bicep' = {
  name: 'sample-sweep-${version}'
  params: {
    workspaceName: workspaceName
    name: 'tune-line-${version}'
    environmentId: environmentId
    instanceType: instanceType
    computeName: computeName
  }
}

output commandTemplate string = command.outputs.name
output sweepTemplate string = sweep.outputs.name
