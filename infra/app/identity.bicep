// The identity by which the app does everything.

import { Tags } from 'types.bicep'

@description('Required. Ends every name.')
param token string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags Tags

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${token}'
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
