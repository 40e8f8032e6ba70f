// What the app's identity may do with a Foundry project. Deployed into the resource group of its account.

@description('Required. Who gets the role.')
param principalId string

@description('Required. Name of the account.')
param accountName string

@description('Required. Name of the project.')
param projectName string

// Its former name is Azure AI User; the id is the same. It is the role that public templates give to users of a project.
// Not tried: no list of the data actions that jobs want was found, so whether this covers them, and what less would, is open.
var foundryUser = '53ca6127-db72-4b80-b1b0-d745d6d5456d'

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = {
  name: accountName

  resource project 'projects' existing = {
    name: projectName
  }
}

// The app starts, watches and cancels training jobs there.
resource appOnProject 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::project.id, principalId, foundryUser)
  scope: account::project
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', foundryUser)
  }
}
