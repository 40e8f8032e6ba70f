using 'main.bicep'

// Set these by `azd env set NAME VALUE`, or write them here.
param appName = readEnvironmentVariable('AZURE_ENV_NAME', 'relay')

param targets = [
  {
    kind: 'workspace'
    alias: 'train'
    subscriptionId: readEnvironmentVariable('WORKSPACE_SUBSCRIPTION_ID', '00000000-0000-0000-0000-000000000000')
    resourceGroup: readEnvironmentVariable('WORKSPACE_RESOURCE_GROUP', 'ml')
    workspace: readEnvironmentVariable('WORKSPACE_NAME', 'ml-prod')
    location: readEnvironmentVariable('WORKSPACE_LOCATION', 'westeurope')
    default: true
  }
]
