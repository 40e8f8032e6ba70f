// What one part tells the others of itself.

@export()
@description('The identity by which the app does everything.')
type Identity = {
  id: string
  clientId: string
  principalId: string
}

@export()
@description('The storage account.')
type Storage = {
  id: string
  name: string
  tableName: string
  tableEndpoint: string
  deploymentContainer: string
}

@export()
@description('The Service Bus namespace.')
type Namespace = {
  id: string
  name: string
  hostName: string
  queueName: string
  rejectQueueName: string
  topicName: string
}

@export()
@description('The Application Insights component. Local authentication is off, so its connection string is no secret.')
type Insights = {
  id: string
  name: string
  connectionString: string
}
