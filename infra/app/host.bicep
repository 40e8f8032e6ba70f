// The function app with its settings and its door.

import { Identity, Insights, Namespace, Storage } from 'places.bicep'
import { Target } from 'targets.bicep'
import { Common, Entra, Scale, Tuning } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Names the app in run ids and tags.')
param appName string

@description('Required. What requests may name.')
param targets Target[]

@description('Required. How far it scales.')
param scale Scale

@description('Required. What has a default and was given another value.')
param tuning Tuning

@description('Required. Microsoft Entra before the HTTP routes; null: function keys alone.')
param entra Entra?

@description('Required. Id of the subnet that it calls from; null: none.')
param subnetId string?

@description('Required. By whom the app does everything.')
param identity Identity

@description('Required. Where runs and the deployed archive are kept.')
param storage Storage

@description('Required. Where messages come from and go to.')
param bus Namespace

@description('Required. Where logs and metrics go.')
param insights Insights

module functions 'functions.bicep' = {
  name: 'functions'
  params: {
    common: common
    identityId: identity.id
    deploymentContainer: storage.deploymentContainer
    scale: scale
    subnetId: subnetId
  }
}

module settings 'settings.bicep' = {
  name: 'settings'
  params: {
    siteName: functions.outputs.name
    appName: appName
    targets: targets
    tuning: tuning
    hasEntra: entra != null
    identity: identity
    storage: storage
    bus: bus
    insights: insights
  }
}

module door 'entra.bicep' = if (entra != null) {
  name: 'entra'
  params: { siteName: functions.outputs.name, entra: entra! }
}

output name string = functions.outputs.name
output hostName string = functions.outputs.hostName
