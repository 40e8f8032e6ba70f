// What the app's identity may do: nothing else.

import { projectIds, workspaceIds } from 'derived.bicep'
import { Insights, Namespace, Storage } from 'places.bicep'
import { Target } from 'targets.bicep'
import { Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Who gets the roles.')
param principalId string

@description('Required. Where runs are kept.')
param storage Storage

@description('Required. Where messages come from and go to.')
param bus Namespace

@description('Required. Where logs and metrics go.')
param insights Insights

@description('Required. What requests may name.')
param targets Target[]

module onStorage 'storageAccess.bicep' = {
  name: 'storageAccess'
  params: { principalId: principalId, storage: storage, insights: insights }
}

module onBus 'busAccess.bicep' = {
  name: 'busAccess'
  params: { principalId: principalId, bus: bus }
}

// An id reads /subscriptions/ID/resourceGroups/NAME/providers/…: its parts 2 and 4 are where the role is made.
module onWorkspaces 'workspace.bicep' = [for id in workspaceIds(targets): {
  name: 'jobrelay-${uniqueString(id, common.token)}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: { token: common.token, principalId: principalId, workspaceName: split(id, '/')[8] }
}]

module onProjects 'project.bicep' = [for id in projectIds(targets): {
  name: 'jobrelay-${uniqueString(id, common.token)}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: { principalId: principalId, accountName: split(id, '/')[8], projectName: split(id, '/')[10] }
}]
