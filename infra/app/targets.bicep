// What requests may name: as in shared/settings.py, and what the roles need.

@description('What messages may override.')
type Allow =
  | 'inputs'
  | 'outputs'
  | 'names'
  | 'tags'
  | 'compute'
  | 'environment'
  | 'deadlines'
  | 'sweep'
  | 'resources'
  | 'command'
  | 'job'
  | 'identity'
  | 'environmentVariables'

@export()
@description('An Azure Machine Learning workspace.')
type WorkspaceTarget = {
  kind: 'workspace'

  @description('The name that requests use: lower-case letters, digits and -.')
  @minLength(1)
  @maxLength(63)
  alias: string

  @minLength(36)
  @maxLength(36)
  subscriptionId: string
  resourceGroup: string
  workspace: string

  @description('Its region; with it final events tell why a job failed.')
  location: string?

  @description('Absent: what cannot make the compute run another\'s code.')
  allow: Allow[]?

  @description('Takes the requests that name no target.')
  default: bool?
}

@export()
@description('A Microsoft Foundry project.')
type ProjectTarget = {
  kind: 'project'

  @description('The name that requests use: lower-case letters, digits and -.')
  @minLength(1)
  @maxLength(63)
  alias: string

  @description('Like https://ACCOUNT.services.ai.azure.com/api/projects/PROJECT.')
  endpoint: string

  @description('Which of the two interfaces for jobs it speaks.')
  profile: 'training_jobs' | 'jobs'

  @description('Id of the account whose computes may be named in short.')
  computePrefix: string?

  @description('Stands in for the api-version of the profile.')
  apiVersion: string?

  @description('Stands in for the previews of the profile, like TrainingJobs=V1Preview.')
  features: string?

  @description('Id of the account that has the project; for the role only.')
  accountId: string

  @description('Absent: what cannot make the compute run another\'s code.')
  allow: Allow[]?

  @description('Takes the requests that name no target.')
  default: bool?
}

@export()
@discriminator('kind')
@description('A place where jobs run.')
type Target = WorkspaceTarget | ProjectTarget
