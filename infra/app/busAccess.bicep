// What the app's identity may do with the bus: take requests, send events and refusals.

import { Namespace } from 'places.bicep'

@description('Required. Who gets the roles.')
param principalId string

@description('Required. Where messages come from and go to.')
param bus Namespace

var serviceBusDataReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
var serviceBusDataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: bus.name

  resource requests 'queues' existing = {
    name: bus.queueName
  }

  resource rejects 'queues' existing = {
    name: bus.rejectQueueName
  }

  resource events 'topics' existing = {
    name: bus.topicName
  }
}

// The triggers take requests, and those that the broker gave up.
resource appOnRequests 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::requests.id, principalId, serviceBusDataReceiver)
  scope: namespace::requests
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataReceiver)
  }
}

// The app puts a copy of every refused message there.
resource appOnRejects 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::rejects.id, principalId, serviceBusDataSender)
  scope: namespace::rejects
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataSender)
  }
}

// The app publishes events there.
resource appOnEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::events.id, principalId, serviceBusDataSender)
  scope: namespace::events
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataSender)
  }
}
