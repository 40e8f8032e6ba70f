// The function app and its plan.

import { Common, Scale } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Id of the identity by which the app does everything.')
param identityId string

@description('Required. Address of the container that keeps the deployed archive.')
param deploymentContainer string

@description('Required. How far it scales.')
param scale Scale

@description('Required. Id of the subnet that it calls from; null: none.')
param subnetId string?

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${common.token}'
  location: common.location
  tags: common.tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'func-${common.token}'
  location: common.location
  // By this tag azd knows where the code goes.
  tags: union(common.tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    httpsOnly: true
    serverFarmId: plan.id
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        alwaysReady: scale.?alwaysReady ?? []
        instanceMemoryMB: scale.?instanceMemoryMB ?? 2048
        maximumInstanceCount: scale.?maximumInstanceCount ?? 40
      }
    }
  }

  // Code is deployed with Microsoft Entra, never with a password.
  resource byFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource byHttp 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

output name string = app.name
output hostName string = app.properties.defaultHostName
