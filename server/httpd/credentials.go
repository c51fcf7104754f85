package httpd

import (
	"net/http"
	"strings"

	"headwater/logic"
)

// credentials are the key and the session's token that a request's headers name; empty where they name none. A cookie is not
// among them: a browser sends it unasked.
type credentials struct{ key, session string }

// readCredentials reads X-Api-Key and Authorization, and refuses what can't be one of ours, or is there twice.
func readCredentials(header http.Header) (credentials, error) {
	var found credentials
	keys, authorizations := header["X-Api-Key"], header["Authorization"]
	if len(keys) > 1 || len(authorizations) > 1 {
		return found, logic.Fault(logic.CodeUnauthenticated, "X-Api-Key and Authorization must each stand there once.")
	}
	if len(keys) == 1 {
		if found.key = keys[0]; !isKey(found.key) {
			return found, logic.Fault(logic.CodeUnauthenticated, "X-Api-Key must hold a key, as hw_pub_… or hw_secret_…")
		}
	}
	if len(authorizations) == 0 {
		return found, nil
	}
	scheme, token, _ := strings.Cut(authorizations[0], " ")
	token = strings.TrimSpace(token)
	switch {
	case strings.EqualFold(scheme, "Bearer") && logic.TokenSession.Is(token):
		found.session = token
	case strings.EqualFold(scheme, "Bearer") && isKey(token):
		if found.key != "" {
			return found, logic.Fault(logic.CodeUnauthenticated, "There are two keys, in X-Api-Key and in Authorization.")
		}
		found.key = token
	default:
		return found, logic.Fault(logic.CodeUnauthenticated, "Authorization must be Bearer, with a session's token or a key.")
	}
	return found, nil
}

func isKey(token string) bool { return logic.TokenPublic.Is(token) || logic.TokenSecret.Is(token) }
