// Where logs and metrics go.

import { Tags } from 'types.bicep'

@description('Required. Ends every name.')
param token string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags Tags

@description('Optional. Days that logs and metrics are kept; the first 31 cost nothing.')
@minValue(30)
@maxValue(730)
param retentionInDays int = 30

@description('Optional. Most gigabytes of logs taken in a day: a runaway log costs no more than that.')
@minValue(1)
param dailyQuotaGb int = 5

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    features: {
      disableLocalAuth: true
    }
    retentionInDays: retentionInDays
    sku: {
      name: 'PerGB2018'
    }
    workspaceCapping: {
      dailyQuotaGb: dailyQuotaGb
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: logs.id
  }
}

output id string = insights.id
output name string = insights.name
// No secret while local authentication is off: it says where to send, not who may.
output connectionString string = insights.properties.ConnectionString
