// Private endpoints of storage and bus, and the names by which they are found.

import { Common } from 'types.bicep'

@description('Required. What all resources share.')
param common Common

@description('Required. Id of the network that resolves the names.')
param networkId string

@description('Required. Id of the subnet that the endpoints are in.')
param subnetId string

@description('Required. Id of the storage account.')
param storageId string

@description('Required. Id of the Service Bus namespace.')
param busId string

var storageSuffix = environment().suffixes.storage
var doors = [
  { group: 'blob', zone: 'privatelink.blob.${storageSuffix}', resourceId: storageId }
  { group: 'queue', zone: 'privatelink.queue.${storageSuffix}', resourceId: storageId }
  { group: 'table', zone: 'privatelink.table.${storageSuffix}', resourceId: storageId }
  { group: 'namespace', zone: 'privatelink.servicebus.windows.net', resourceId: busId }
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for door in doors: {
  name: door.zone
  location: 'global'
  tags: common.tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (door, i) in doors: {
  parent: zones[i]
  name: 'link-${common.token}'
  location: 'global'
  tags: common.tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: networkId
    }
  }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for door in doors: {
  name: 'pep-${door.group}-${common.token}'
  location: common.location
  tags: common.tags
  properties: {
    privateLinkServiceConnections: [
      {
        name: door.group
        properties: {
          groupIds: [
            door.group
          ]
          privateLinkServiceId: door.resourceId
        }
      }
    ]
    subnet: {
      id: subnetId
    }
  }
}]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (door, i) in doors: {
  parent: endpoints[i]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: door.group
        properties: {
          privateDnsZoneId: zones[i].id
        }
      }
    ]
  }
}]
