// The Service Bus namespace: requests come in, events and refusals go out.

import { Namespace } from 'places.bicep'
import { Bus, Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. How it is made.')
param bus Bus

@description('Required. Is it reached by private endpoints only?')
param isPrivate bool

// Only Premium has private endpoints.
var sku = isPrivate ? 'Premium' : bus.?sku ?? 'Standard'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sb-${common.token}'
  location: common.location
  tags: common.tags
  sku: {
    name: sku
    tier: sku
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource requests 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'jobs'
  properties: {
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    lockDuration: 'PT5M'
    maxDeliveryCount: 10
  }
}

resource rejects 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'rejects'
  properties: {
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    requiresDuplicateDetection: true
  }
}

module events 'events.bicep' = {
  name: 'events'
  params: {
    namespaceName: namespace.name
    isOrdered: bus.?ordered ?? false
  }
}

output place Namespace = {
  id: namespace.id
  name: namespace.name
  hostName: split(split(namespace.properties.serviceBusEndpoint, '/')[2], ':')[0]
  queueName: requests.name
  rejectQueueName: rejects.name
  topicName: events.outputs.topicName
}
