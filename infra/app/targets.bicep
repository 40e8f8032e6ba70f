// What requests may name, and what becomes of it: places for the roles, and the setting TARGETS.

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

  @description('What stands before the name of a compute.')
  computePrefix: string?

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

@description('The id of a workspace, in lower case: ids are compared without it.')
func workspaceId(target WorkspaceTarget) string =>
  toLower('/subscriptions/${target.subscriptionId}/resourceGroups/${target.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${target.workspace}')

@description('The id of a project, in lower case.')
func projectId(target ProjectTarget) string =>
  toLower('${target.accountId}/projects/${last(split(target.endpoint, '/'))}')

// The compiler does not see that a filter leaves one kind only: hence `any`.
@export()
@description('Every workspace once, however many targets it is.')
func workspaceIds(targets Target[]) string[] =>
  union(map(filter(targets, target => target.kind == 'workspace'), target => workspaceId(any(target))), [])

@export()
@description('Every project once, however many targets it is.')
func projectIds(targets Target[]) string[] =>
  union(map(filter(targets, target => target.kind == 'project'), target => projectId(any(target))), [])

@export()
@description('The setting TARGETS: by alias, without what serves the roles only.')
func targetsSetting(targets Target[]) string =>
  string(toObject(targets, target => target.alias, target => toObject(filter(items(target), field => !contains(['alias', 'accountId'], field.key)), field => field.key, field => field.value)))
