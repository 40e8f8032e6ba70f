// What somebody must look at. Every description ends with the section of docs/operations.md that says what to do.

import { rules } from 'rules.bicep'
import { Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Id of the Application Insights component.')
param insightsId string

@description('Required. Id of the Service Bus namespace.')
param busId string

@description('Required. Ids of the action groups that are told; none: alerts are shown in the portal only.')
param actionGroupIds string[]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters-${common.token}'
  location: 'global'
  tags: common.tags
  properties: {
    description: 'Messages were given up and stay so. See docs/operations.md, Dead letters.'
    severity: 2
    enabled: true
    scopes: [
      busId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'DeadLetters'
          metricName: 'DeadletteredMessages'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          // The app takes dead letters up again: an average of one means that it does not get rid of them.
          timeAggregation: 'Average'
          operator: 'GreaterThanOrEqual'
          threshold: 1
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
        }
      ]
    }
    actions: [for id in actionGroupIds: { actionGroupId: id }]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: '${rule.name}-${common.token}'
  location: common.location
  tags: common.tags
  kind: 'LogAlert'
  properties: {
    displayName: '${rule.title} (${common.token})'
    description: '${rule.meaning} See docs/operations.md, ${rule.title}.'
    severity: rule.severity
    enabled: true
    scopes: [
      insightsId
    ]
    evaluationFrequency: rule.every
    windowSize: rule.within
    criteria: {
      allOf: [
        {
          query: rule.query
          metricMeasureColumn: 'measure'
          timeAggregation: 'Maximum'
          operator: rule.operator
          threshold: rule.threshold
          dimensions: map(rule.by, name => { name: name, operator: 'Include', values: ['*'] })
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: actionGroupIds
    }
  }
}]
