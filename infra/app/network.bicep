// A network of our own: the app calls from it, and storage and bus are reached in it only.

import { Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Id of the storage account.')
param storageId string

@description('Required. Id of the Service Bus namespace.')
param busId string

// It is joined to no other network: any private addresses will do.
var addressPrefix = '10.70.0.0/24'

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-${common.token}'
  location: common.location
  tags: common.tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    // Within the network and not as resources of their own: a second deployment would take those away.
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'functions'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

module endpoints 'endpoints.bicep' = {
  name: 'endpoints'
  params: {
    common: common
    networkId: network.id
    subnetId: network::endpointSubnet.id
    storageId: storageId
    busId: busId
  }
}

output appSubnetId string = network::appSubnet.id
