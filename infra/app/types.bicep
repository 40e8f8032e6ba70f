// The shapes of what is given to main.bicep.

@export()
@description('Tags by name.')
type Tags = {
  *: string
}

@export()
@description('What all resources share.')
type Common = {
  @description('Ends every name.')
  token: string
  location: string
  tags: Tags
}

@export()
@description('How the bus is made.')
type Bus = {
  @description('The tier. A namespace never changes from one to the other; Premium costs some seventy times as much.')
  sku: ('Standard' | 'Premium')?

  @description('Adds the subscription `ordered`, which requires sessions and gives the events of a run in order.')
  ordered: bool?
}

@export()
@description('Instances that are kept warm for a function or a group of functions.')
type AlwaysReady = {
  @description('`http`, or `function:` and the name of a function, like `function:submit_job`.')
  name: string

  @minValue(1)
  @maxValue(100)
  instanceCount: int
}

@export()
@description('How far the app scales.')
type Scale = {
  @description('The most instances of any one group; Azure Resource Manager is the narrow place long before.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int?

  @description('Memory of an instance; time is paid by it.')
  instanceMemoryMB: (512 | 2048 | 4096)?

  @description('What is kept warm, and paid for while idle.')
  alwaysReady: AlwaysReady[]?
}

@export()
@description('Settings of the app that have a default.')
type Tuning = {
  @description('When to look after runs: six-field cron in UTC, at least once a minute.')
  pollSchedule: string?

  @description('When to delete old records: six-field cron in UTC.')
  forgetSchedule: string?

  @description('How long the record of an ended run is kept, at least 15 days: ISO 8601.')
  retention: string?

  @description('How long a claim on a run lasts: ISO 8601.')
  lease: string?
}

@export()
@description('Who may call the HTTP routes: those whom an app registration of Microsoft Entra admits.')
type Entra = {
  @description('Client id of the app registration.')
  @minLength(36)
  @maxLength(36)
  clientId: string

  @description('Tenant of the registration; absent: that of the subscription.')
  tenantId: string?

  @description('Client ids that may call; absent: every client that gets a token for the registration.')
  allowedApplications: string[]?
}
