package client

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"headwater/logic"
)

// Bounds of what clients and keys are.
const (
	maxDescription = 1000 // characters
	maxLabel       = 100  // characters
	maxOrigins     = 50
	maxPerMinute   = 1_000_000
)

var clientName = regexp.MustCompile(`^[a-z0-9-]{2,40}$`)

// check returns the faults of a client: REQUIRED, TOO_LONG, INVALID; the field is the one at fault.
func (c Client) check() logic.Faults {
	var faults logic.Faults
	if !clientName.MatchString(c.Name) {
		faults.Add(logic.Invalid("must have 2 to 40 of the characters a-z, 0-9 and -"), "name")
	}
	if !c.Kind.IsKind() {
		faults.Add(logic.Invalid("must be one of WEB, MOBILE, STUDIO, SERVER, CLI"), "kind")
	}
	faults.Add(logic.CheckText(c.Description, 0, maxDescription), "description")
	if c.PostURL != nil {
		faults.Add(logic.CheckPostURL(*c.PostURL), "postUrl")
	}
	if len(c.AllowedOrigins) > maxOrigins {
		faults.Add(logic.Fault(logic.CodeTooLong, "has %d origins; at most %d are allowed", len(c.AllowedOrigins), maxOrigins), "allowedOrigins")
	} else {
		for i, origin := range c.AllowedOrigins {
			faults.Add(checkOrigin(origin), "allowedOrigins", strconv.Itoa(i))
		}
	}
	if c.RequestsPerMinute < 1 || c.RequestsPerMinute > maxPerMinute {
		faults.Add(logic.Invalid("must be 1 to %d", maxPerMinute), "requestsPerMinute")
	}
	return faults
}

// check returns the faults of a key that is made at the moment now for a client of a kind, as Client.check does.
func (k APIKey) check(kind Kind, now logic.Moment) logic.Faults {
	var faults logic.Faults
	faults.Add(logic.CheckText(k.Label, 1, maxLabel), "label")
	switch {
	case !k.Kind.IsKeyKind():
		faults.Add(logic.Invalid("must be one of PUBLISHABLE, SECRET"), "kind")
	case k.Kind == KeySecret && kind.IsKind() && !kind.keepsSecrets():
		faults.Add(logic.Invalid("A client of the kind %s can't keep a secret: everyone can read what it is shipped with.", kind), "kind")
	}
	if k.ExpiresAt != nil && *k.ExpiresAt <= now {
		faults.Add(logic.Invalid("must be in the future"), "expiresAt")
	}
	return faults
}

// checkScopes returns the faults of a list of scopes.
func checkScopes(scopes []logic.Scope, field string) logic.Faults {
	var faults logic.Faults
	for i, scope := range scopes {
		if !scope.IsScope() {
			faults.Add(logic.Invalid("%.50q is no scope", string(scope)), field, strconv.Itoa(i))
		}
	}
	return faults
}

// plain returns the client as it is stored and compared: without blanks around its texts.
func (c Client) plain() Client {
	c.Description = strings.TrimSpace(c.Description)
	origins := make([]string, len(c.AllowedOrigins))
	for i, origin := range c.AllowedOrigins {
		origins[i] = PlainOrigin(strings.TrimSpace(origin))
	}
	c.AllowedOrigins = origins
	return c
}

// distinct returns texts without those that stand further in front.
func distinct(texts []string) []string {
	seen := make(map[string]bool, len(texts))
	return slices.DeleteFunc(texts, func(text string) bool {
		known := seen[text]
		seen[text] = true
		return known
	})
}
