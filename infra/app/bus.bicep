// The Service Bus namespace: requests come in, events and refusals go out.

import { Tags } from 'types.bicep'

@description('Required. Ends every name.')
param token string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags Tags

@description('Required. Tier of the namespace.')
param sku 'Standard' | 'Premium'

@description('Required. Is it reached by private endpoints only?')
param isPrivate bool

@description('Required. Is there a subscription that requires sessions?')
param isOrdered bool

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sb-${token}'
  location: location
  tags: tags
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
    isOrdered: isOrdered
  }
}

output id string = namespace.id
output name string = namespace.name
output hostName string = split(split(namespace.properties.serviceBusEndpoint, '/')[2], ':')[0]
output queueName string = requests.name
output rejectQueueName string = rejects.name
output topicName string = events.outputs.topicName
