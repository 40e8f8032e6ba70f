// The settings of the app, spelt as in shared/settings.py, and those of its host.

import { Target, targetsSetting } from 'targets.bicep'
import { Tuning } from 'types.bicep'

@description('Required. Name of the function app.')
param siteName string

@description('Required. Names the app in run ids and tags.')
param appName string

@description('Required. What requests may name.')
param targets Target[]

@description('Required. What has a default and was given another value.')
param tuning Tuning

@description('Required. Client id of the identity.')
param clientId string

@description('Required. Name of the storage account.')
param storageName string

@description('Required. Address of its tables.')
param tableEndpoint string

@description('Required. Name of the table of runs.')
param tableName string

@description('Required. Host of the Service Bus namespace.')
param busHostName string

@description('Required. Name of the queue of requests.')
param queueName string

@description('Required. Name of the queue of refusals.')
param rejectQueueName string

@description('Required. Name of the topic of events.')
param topicName string

@description('Required. Where logs and metrics go.')
param insightsConnectionString string

// Without a slash at the end, which the app does not take.
var armEndpoint = 'https://${split(environment().resourceManager, '/')[2]}'

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: siteName
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APP_NAME: appName
    ARM_API_VERSION: '2024-10-01'
    ARM_ENDPOINT: armEndpoint
    ARM_SCOPE: '${armEndpoint}/.default'
    AZURE_CLIENT_ID: clientId
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__clientId: clientId
    AzureWebJobsStorage__credential: 'managedidentity'
    EVENT_TOPIC: topicName
    // The triggers name this setting: the host must find it, whatever default the app has.
    FORGET_SCHEDULE: tuning.?forgetSchedule ?? '0 30 3 * * *'
    HISTORY_ENDPOINT: 'https://{location}.api.azureml.ms'
    HISTORY_SCOPE: 'https://ml.azure.com/.default'
    LEASE: tuning.?lease ?? 'PT4M'
    POLL_SCHEDULE: tuning.?pollSchedule ?? '*/15 * * * * *'
    PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY: 'true'
    REJECT_QUEUE: rejectQueueName
    REQUEST_QUEUE: queueName
    RETENTION: tuning.?retention ?? 'P90D'
    ServiceBus__clientId: clientId
    ServiceBus__credential: 'managedidentity'
    ServiceBus__fullyQualifiedNamespace: busHostName
    TABLE_NAME: tableName
    TARGETS: targetsSetting(targets)
    Tables__endpoint: tableEndpoint
  }
}
