// What becomes of the targets: places for the roles, and the setting TARGETS.

import { ProjectTarget, Target, WorkspaceTarget } from 'targets.bicep'

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
