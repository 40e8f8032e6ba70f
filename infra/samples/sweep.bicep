// A Sweep job of four short trials, two at a time. It starts when it is made.

@description('Required. Name of the workspace.')
param workspaceName string

@description('Required. Name of the job.')
param name string

@description('Required. Id of the environment.')
param environmentId string

@description('Required. Size of the machines, where no cluster is named.')
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
    jobType: 'Sweep'
    displayName: 'Find the best rate to fit a line'
    description: 'A template for requests: tries learning rates, and keeps the one with the least error.'
    experimentName: 'jobrelay-samples'
    computeId: computeName == null ? null : '${workspace.id}/computes/${computeName}'
    inputs: {
      steps: {
        jobInputType: 'literal'
        value: '50'
      }
    }
    limits: {
      jobLimitsType: 'Sweep'
      maxConcurrentTrials: 2
      maxTotalTrials: 4
      timeout: 'PT30M'
      trialTimeout: 'PT10M'
    }
    objective: {
      goal: 'Minimize'
      primaryMetric: 'error'
    }
    samplingAlgorithm: {
      samplingAlgorithmType: 'Random'
      seed: 7
    }
    // Bounds of the exponent: rates between e^-5 and e^-1.
    searchSpace: {
      rate: ['loguniform', [-5, -1]]
    }
    trial: {
      command: 'cat > fit.py <<\'END\'\n${loadTextContent('fit.py')}END\npython fit.py --rate "\${{search_space.rate}}" --steps "\${{inputs.steps}}"'
      environmentId: environmentId
      resources: {
        instanceCount: 1
        instanceType: computeName == null ? instanceType : null
      }
    }
  }
}

output name string = job.name
