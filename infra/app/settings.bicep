// The settings of the app, spelt as in shared/settings.py, and those of its host.

import { targetsSetting } from 'derived.bicep'
import { Identity, Insights, Namespace, Storage } from 'places.bicep'
import { Target } from 'targets.bicep'
import { Tuning } from 'types.bicep'

@description('Required. Name of the function app.')
param siteName string

@description('Required. Names the app in run ids and tags.')
param appName string

@description('Required. What requests may name.')
param targets Target[]

@description('Required. What has a default and was given another value.')
param tuning Tuning

@description('Required. Whether Microsoft Entra stands before the HTTP routes.')
param hasEntra bool

@description('Required. By whom the app does everything.')
param identity Identity

@description('Required. Where runs are kept.')
param storage Storage

@description('Required. Where messages come from and go to.')
param bus Namespace

@description('Required. Where logs and metrics go.')
param insights Insights

// Without a slash at the end, which the app does not take.
var armEndpoint = 'https://${split(environment().resourceManager, '/')[2]}'

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: siteName
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.connectionString
    APP_NAME: appName
    ARM_API_VERSION: '2024-10-01'
    ARM_ENDPOINT: armEndpoint
    ARM_SCOPE: '${armEndpoint}/.default'
    AZURE_CLIENT_ID: identity.clientId
    AzureWebJobsStorage__accountName: storage.name
    AzureWebJobsStorage__clientId: identity.clientId
    AzureWebJobsStorage__credential: 'managedidentity'
    EVENT_TOPIC: bus.topicName
    // The triggers name this setting: the host must find it, whatever default the app has.
    FORGET_SCHEDULE: tuning.?forgetSchedule ?? '0 30 3 * * *'
    FOUNDRY_SCOPE: 'https://ai.azure.com/.default'
    HISTORY_ENDPOINT: 'https://{location}.api.azureml.ms'
    HISTORY_SCOPE: 'https://ml.azure.com/.default'
    HTTP_AUTH: hasEntra ? 'entra' : 'key'
    LEASE: tuning.?lease ?? 'PT4M'
    POLL_SCHEDULE: tuning.?pollSchedule ?? '*/15 * * * * *'
    REJECT_QUEUE: bus.rejectQueueName
    REQUEST_QUEUE: bus.queueName
    RETENTION: tuning.?retention ?? 'P90D'
    ServiceBus__clientId: identity.clientId
    ServiceBus__credential: 'managedidentity'
    ServiceBus__fullyQualifiedNamespace: bus.hostName
    TABLE_NAME: storage.tableName
    TARGETS: targetsSetting(targets)
    Tables__endpoint: storage.tableEndpoint
  }
}
