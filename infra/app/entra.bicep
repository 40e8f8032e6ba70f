// Microsoft Entra before the HTTP routes: who has no token for the app registration gets 401.

import { Entra } from 'types.bicep'

@description('Required. Name of the function app.')
param siteName string

@description('Required. The app registration, and who may call.')
param entra Entra

var issuer = '${environment().authentication.loginEndpoint}${entra.?tenantId ?? tenant().tenantId}/v2.0'

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: siteName
}

resource door 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: entra.clientId
          openIdIssuer: issuer
        }
        validation: {
          allowedAudiences: [
            entra.clientId
            'api://${entra.clientId}'
          ]
          defaultAuthorizationPolicy: {
            allowedApplications: entra.?allowedApplications
          }
        }
      }
    }
    login: {
      // Callers bring their tokens: nothing is kept for them.
      tokenStore: {
        enabled: false
      }
    }
  }
}
