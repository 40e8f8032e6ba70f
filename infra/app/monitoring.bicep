// Where logs and metrics go, and what is made of them.

import { Insights } from 'places.bicep'
import { Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Names the app in the title of the workbook.')
param appName string

@description('Required. Id of the Service Bus namespace.')
param busId string

@description('Required. Ids of the action groups that alerts are sent to.')
param actionGroupIds string[]

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${common.token}'
  location: common.location
  tags: common.tags
  properties: {
    features: {
      disableLocalAuth: true
    }
    retentionInDays: 30
    sku: {
      name: 'PerGB2018'
    }
    // A runaway log costs no more than this.
    workspaceCapping: {
      dailyQuotaGb: 5
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${common.token}'
  location: common.location
  tags: common.tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: logs.id
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    common: common
    insightsId: insights.id
    busId: busId
    actionGroupIds: actionGroupIds
  }
}

module workbook 'workbook.bicep' = {
  name: 'workbook'
  params: { common: common, appName: appName, insightsId: insights.id }
}

output place Insights = {
  id: insights.id
  name: insights.name
  connectionString: insights.properties.ConnectionString
}
