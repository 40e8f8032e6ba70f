// What the app's identity may do with storage and monitoring: nothing else.

@description('Required. Who gets the roles.')
param principalId string

@description('Required. Name of the storage account.')
param storageName string

@description('Required. Name of the table of runs.')
param tableName string

@description('Required. Name of the Application Insights component.')
param insightsName string

var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName

  resource tables 'tableServices' existing = {
    name: 'default'

    resource runs 'tables' existing = {
      name: tableName
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The host takes its leases and keeps its keys there, and loads the deployed archive from there.
resource hostOnStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, principalId, storageBlobDataOwner)
  scope: storage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
  }
}

// The app reads and writes the rows of runs; it makes no table.
resource appOnRuns 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::tables::runs.id, principalId, storageTableDataContributor)
  scope: storage::tables::runs
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageTableDataContributor)
  }
}

// Local authentication is off: without this role neither host nor app could send a log.
resource appOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, monitoringMetricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}
