package client

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"headwater/logic"
)

// maxOrigin is how long an origin may be, in bytes.
const maxOrigin = 300

// originText is what an origin is made of, in lower case: a scheme of pages, or of apps that are pages (Capacitor, Ionic, Tauri), a host
// as browsers send it, and perhaps a port.
var originText = regexp.MustCompile(`^(?:https?|capacitor|ionic|tauri)://(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?$`)

// PlainOrigin returns an origin as it is stored and compared: in lower case and without the port that its scheme stands for.
func PlainOrigin(origin string) string {
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
	if len(origin) > maxOrigin || !isOrigin(origin) {
		return logic.Invalid("must be an origin, as https://example.org or http://localhost:5173, without a path, not %.*q", maxOrigin, origin)
	}
	return nil
}

func isOrigin(text string) bool {
	parts := originText.FindStringSubmatch(text)
	if parts == nil || parts[1] == "" {
		return parts != nil
	}
	_, err := strconv.ParseUint(parts[1], 10, 16)
	return err == nil
}

// Allows tells whether origin is among those whose browsers may use the client's publishable keys.
func (c Client) Allows(origin string) bool {
	return len(origin) <= maxOrigin && slices.Contains(c.AllowedOrigins, PlainOrigin(origin))
}
