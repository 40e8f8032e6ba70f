// Jobrelay in one resource group. Its targets may be in others, and in other subscriptions.

import { Target } from 'app/targets.bicep'
import { Bus, Entra, Scale, Tags, Tuning } from 'app/types.bicep'

@description('Required. Names the app in run ids and tags; two apps at one workspace need two names.')
@minLength(1)
@maxLength(64)
param appName string

@description('Required. The workspaces and projects that requests may name.')
@minLength(1)
param targets Target[]

@description('Optional. Region of everything.')
param location string = resourceGroup().location

@description('Optional. Tags on everything.')
param tags Tags = {}

@description('Optional. How the bus is made.')
param bus Bus = {}

@description('Optional. How far the app scales.')
param scale Scale = {}

@description('Optional. Settings of the app that have a default.')
param tuning Tuning = {}

@description('Optional. Puts storage and bus behind private endpoints. The bus is Premium then: decide at the first deployment.')
param isPrivate bool = false

@description('Optional. Microsoft Entra before the HTTP routes; absent: function keys alone.')
param entra Entra?

@description('Optional. Ids of the action groups that alerts are sent to.')
param actionGroupIds string[] = []

var common = { token: uniqueString(resourceGroup().id, appName), location: location, tags: tags }

module identity 'app/identity.bicep' = {
  name: 'identity'
  params: { common: common }
}

module storage 'app/storage.bicep' = {
  name: 'storage'
  params: { common: common, isPrivate: isPrivate }
}

module messaging 'app/bus.bicep' = {
  name: 'bus'
  params: { common: common, bus: bus, isPrivate: isPrivate }
}

module network 'app/network.bicep' = if (isPrivate) {
  name: 'network'
  params: { common: common, storageId: storage.outputs.place.id, busId: messaging.outputs.place.id }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  params: { common: common, appName: appName, busId: messaging.outputs.place.id, actionGroupIds: actionGroupIds }
}

module access 'app/access.bicep' = {
  name: 'access'
  params: {
    common: common
    principalId: identity.outputs.place.principalId
    storage: storage.outputs.place
    bus: messaging.outputs.place
    insights: monitoring.outputs.place
    targets: targets
  }
}

module host 'app/host.bicep' = {
  name: 'host'
  params: {
    common: common
    appName: appName
    targets: targets
    scale: scale
    tuning: tuning
    entra: entra
    subnetId: network.?outputs.appSubnetId
    identity: identity.outputs.place
    storage: storage.outputs.place
    bus: messaging.outputs.place
    insights: monitoring.outputs.place
  }
}

output functionAppName string = host.outputs.name
output httpEndpoint string = 'https://${host.outputs.hostName}'
output serviceBusNamespace string = messaging.outputs.place.hostName
output tableEndpoint string = storage.outputs.place.tableEndpoint
output identityClientId string = identity.outputs.place.clientId
