// The topic of events, and who gets which.

@description('Required. Name of the Service Bus namespace.')
param namespaceName string

@description('Required. Is there a subscription that requires sessions?')
param isOrdered bool

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource events 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: 'events'
  properties: {
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    // The most that Standard has: a subscription that nobody reads must not soon stop the others.
    maxSizeInMegabytes: 5120
    requiresDuplicateDetection: true
  }

  resource all 'subscriptions' = {
    name: 'all'
  }

  resource final 'subscriptions' = {
    name: 'final'

    // Under this name it takes the place of the rule that lets everything through.
    resource filter 'rules' = {
      name: '$Default'
      properties: {
        filterType: 'SqlFilter'
        sqlFilter: {
          sqlExpression: 'final = TRUE'
        }
      }
    }
  }

  resource ordered 'subscriptions' = if (isOrdered) {
    name: 'ordered'
    properties: {
      requiresSession: true
    }
  }
}

output topicName string = events.name
