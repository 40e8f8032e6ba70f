// A Command job that trains for seconds. It starts when it is made.

@description('Required. Name of the workspace.')
param workspaceName string

@description('Required. Name of the job.')
param name string

@description('Required. Id of the environment.')
param environmentId string

@description('Required. Size of the machine, where no cluster is named.')
param instanceType string

@description('Required. Name of a cluster of the workspace; null: serverless compute.')
param computeName string?

resource workspace 'Microsoft.MachineLearningServices/workspaces@2024-10-01' existing = {
  name: workspaceName
}

resource job 'Microsoft.MachineLearningServices/workspaces/jobs@2024-10-01' = {
  parent: workspace
  name: name
  properties: {
    jobType: 'Command'
    displayName: 'Fit a line'
    description: 'A template for requests: learns a slope by gradient descent, and logs how far off it is.'
    experimentName: 'jobrelay-samples'
    computeId: computeName == null ? null : '${workspace.id}/computes/${computeName}'
    environmentId: environmentId
    // The program travels in the command, so that nothing must be uploaded first.
    command: 'cat > fit.py <<\'END\'\n${loadTextContent('fit.py')}END\npython fit.py --rate "\${{inputs.rate}}" --steps "\${{inputs.steps}}"'
    inputs: {
      rate: {
        jobInputType: 'literal'
        value: '0.1'
      }
      steps: {
        jobInputType: 'literal'
        value: '50'
      }
    }
    limits: {
      jobLimitsType: 'Command'
      timeout: 'PT10M'
    }
    resources: {
      instanceCount: 1
      instanceType: computeName == null ? instanceType : null
    }
  }
}

output name string = job.name
