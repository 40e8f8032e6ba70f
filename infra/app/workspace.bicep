// What the app's identity may do with a workspace. Deployed into the resource group of the workspace.

@description('Required. Tells the role of this app from that of another.')
param token string

@description('Required. Who gets the role.')
param principalId string

@description('Required. Name of the workspace.')
param workspaceName string

// Names of actions: https://learn.microsoft.com/azure/role-based-access-control/permissions/ai-machine-learning
// Not tried: the table of activities in https://learn.microsoft.com/azure/machine-learning/how-to-assign-roles
// lists more for submitting a run. The app makes no environment and no artifact, so it should do without.
var calledActions = [
  // Templates, runs and their list.
  'Microsoft.MachineLearningServices/workspaces/jobs/read'
  'Microsoft.MachineLearningServices/workspaces/jobs/write'
  'Microsoft.MachineLearningServices/workspaces/jobs/cancel/action'
  // Run history: why a job failed, its steps and trials.
  'Microsoft.MachineLearningServices/workspaces/experiments/runs/read'
]

resource workspace 'Microsoft.MachineLearningServices/workspaces@2024-10-01' existing = {
  name: workspaceName
}

resource jobRunner 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(workspace.id, token)
  properties: {
    // No two roles of a tenant may have one name.
    roleName: 'Jobrelay ${uniqueString(workspace.id, token)} at ${workspaceName}'
    description: 'Start, watch and cancel the jobs of a workspace.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: calledActions
        notActions: []
      }
    ]
  }
}

// The app starts, watches and cancels jobs there.
resource appOnWorkspace 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, principalId, jobRunner.id)
  scope: workspace
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: jobRunner.id
  }
}
