// The identity by which the app does everything.

import { Identity } from 'places.bicep'
import { Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${common.token}'
  location: common.location
  tags: common.tags
}

output place Identity = {
  id: identity.id
  clientId: identity.properties.clientId
  principalId: identity.properties.principalId
}
