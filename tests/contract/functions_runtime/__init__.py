"""Microsoft's own worker code, azure-functions-runtime 1.3.0, running an app in a child process.

It proves that the app loads and that each trigger runs there, with the data that the host would
send. On Python 3.13 this is the code that runs in Azure. The package declares Python 3.13 or newer
and works on 3.11 and 3.12, too.
"""
