// Jobrelay in one resource group. Its targets may be in others, and in other subscriptions.

import { projectIds, Target, workspaceIds } from 'app/targets.bicep'
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

@description('Optional. Puts storage and bus behind private endpoints; the bus becomes Premium.')
param isPrivate bool = false

@description('Optional. Microsoft Entra before the HTTP routes; absent: function keys alone.')
param entra Entra?

@description('Optional. Ids of the action groups that alerts are sent to.')
param actionGroupIds string[] = []

@description('Optional. Actions that the role at a workspace gets beyond those that the app calls.')
param furtherActions string[] = []

var token = uniqueString(resourceGroup().id, appName)

module identity 'app/identity.bicep' = {
  name: 'identity'
  params: { token: token, location: location, tags: tags }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  params: { token: token, location: location, tags: tags }
}

module storage 'app/storage.bicep' = {
  name: 'storage'
  params: { token: token, location: location, tags: tags, isPrivate: isPrivate }
}

module messaging 'app/bus.bicep' = {
  name: 'bus'
  params: {
    token: token
    location: location
    tags: tags
    // Only Premium has private endpoints.
    sku: isPrivate ? 'Premium' : bus.?sku ?? 'Standard'
    isPrivate: isPrivate
    isOrdered: bus.?ordered ?? false
  }
}

module network 'app/network.bicep' = if (isPrivate) {
  name: 'network'
  params: { token: token, location: location, tags: tags }
}
