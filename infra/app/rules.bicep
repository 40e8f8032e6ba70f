// What the alerts ask of the logs. Every query gives one column `measure`, and a column for each name in `by`.
// A caller's fault (4xx) is no failure of a function; what is not HTTP has the code 0.
// An average of the lag, because a histogram reaches customMetrics as sum, count, least and most.

@export()
@description('Questions to the logs, and from which answer on each is an alert.')
var rules = [
  {
    name: 'poll-not-run'
    title: 'Poll not run'
    meaning: 'Nobody looked after the runs for 15 minutes.'
    severity: 1
    every: 'PT5M'
    within: 'PT15M'
    query: 'requests | where name == "poll_runs" | summarize measure = count()'
    by: []
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'access-refused'
    title: 'Access refused'
    meaning: 'A target answers 401 or 403.'
    severity: 1
    every: 'PT5M'
    within: 'PT15M'
    query: 'customMetrics | where name == "jobrelay.remote.requests" | extend target = tostring(customDimensions.target), code = tostring(customDimensions.status_code) | where code in ("401", "403") | summarize measure = sum(valueSum) by target'
    by: ['target']
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'runs-unobserved'
    title: 'Runs unobserved'
    meaning: 'A live run was not seen for 20 minutes; every run is looked at within five.'
    severity: 2
    every: 'PT15M'
    within: 'PT15M'
    query: 'customMetrics | where name == "jobrelay.runs.unobserved" | summarize measure = max(value)'
    by: []
    operator: 'GreaterThan'
    threshold: 1200
  }
  {
    name: 'events-late'
    title: 'Events late'
    meaning: 'Events come more than ten minutes after what they tell, on average.'
    severity: 2
    every: 'PT15M'
    within: 'PT15M'
    query: 'customMetrics | where name == "jobrelay.event.lag" | summarize measure = sum(valueSum) / sum(valueCount)'
    by: []
    operator: 'GreaterThan'
    threshold: 600
  }
  {
    name: 'function-failures'
    title: 'Function failures'
    meaning: 'A function failed more than three times in 15 minutes.'
    severity: 2
    every: 'PT15M'
    within: 'PT15M'
    query: 'requests | where success == false and (resultCode == "0" or toint(resultCode) >= 500) | summarize measure = count() by name'
    by: ['name']
    operator: 'GreaterThan'
    threshold: 3
  }
  {
    name: 'rejects'
    title: 'Rejects'
    meaning: 'Messages were refused.'
    severity: 3
    every: 'PT15M'
    within: 'PT15M'
    query: 'customMetrics | where name == "jobrelay.rejects" | summarize measure = sum(valueSum) by reason = tostring(customDimensions.reason)'
    by: ['reason']
    operator: 'GreaterThan'
    threshold: 0
  }
]
