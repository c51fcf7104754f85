package client

import (
	"regexp"
	"slices"
	"strings"

	"headwater/logic"
)

// maxOrigin is how long an origin may be, in bytes.
const maxOrigin = 300

// originText is what an origin is made of, in lower case: a scheme, a host as browsers send it, and perhaps a port.
var originText = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?$`)

// plainOrigin returns an origin as it is stored and compared: in lower case and without the port that its scheme stands for.
func plainOrigin(origin string) string {
	origin = strings.ToLower(origin)
	switch {
	case strings.HasPrefix(origin, "https://"):
		return strings.TrimSuffix(origin, ":443")
	case strings.HasPrefix(origin, "http://"):
		return strings.TrimSuffix(origin, ":80")
	}
	return origin
}

func checkOrigin(origin string) *logic.Error {
	if len(origin) > maxOrigin || !originText.MatchString(origin) {
		return logic.Invalid("must be an origin, as https://example.org or http://localhost:5173, without a path, not %.*q", maxOrigin, origin)
	}
	return nil
}

// allows tells whether origin is among those whose browsers may use the client's publishable keys.
func (c Client) allows(origin string) bool {
	return len(origin) <= maxOrigin && slices.Contains(c.AllowedOrigins, plainOrigin(origin))
}
