// The page that shows how the app is.

import { Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Names the app in the title.')
param appName string

@description('Required. Id of the Application Insights component that it asks.')
param insightsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'workbook')
  location: common.location
  tags: common.tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: 'Jobrelay ${appName}'
    serializedData: loadTextContent('../workbook.json')
    sourceId: insightsId
  }
}
