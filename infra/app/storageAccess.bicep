// What the app's identity may do with storage and monitoring.

import { Insights, Storage } from 'places.bicep'

@description('Required. Who gets the roles.')
param principalId string

@description('Required. Where runs are kept.')
param storage Storage

@description('Required. Where logs and metrics go.')
param insights Insights

var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storage.name

  resource tables 'tableServices' existing = {
    name: 'default'

    resource runs 'tables' existing = {
      name: storage.tableName
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insights.name
}

// The host takes its leases and keeps its keys there, and loads the deployed archive from there.
resource hostOnStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, storageBlobDataOwner)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
  }
}

// The app reads and writes the rows of runs; it makes no table.
resource appOnRuns 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::tables::runs.id, principalId, storageTableDataContributor)
  scope: account::tables::runs
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageTableDataContributor)
  }
}

// Local authentication is off: without this role neither host nor app could send a log.
resource appOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, monitoringMetricsPublisher)
  scope: component
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}
