package metric

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"headwater/logic"
)

// Lengths of what is kept of an event, in characters.
const (
	maxPath          = 500
	maxName          = 40
	maxEventID       = 64
	maxProperties    = 10
	maxPropertyKey   = 40
	maxPropertyValue = 200
	maxHost          = 253
)

// checkName checks the name of a named event.
func checkName(name string) *logic.Error {
	switch {
	case strings.TrimSpace(name) == "":
		return logic.Fault(logic.CodeRequired, "An event's name is not empty; a page view has none.")
	case name != strings.TrimSpace(name), strings.ContainsFunc(name, isOdd), !utf8.ValidString(name), name == OtherValue:
		return logic.Invalid("An event's name has no control characters and no blanks around it, and is not %q.", OtherValue)
	case utf8.RuneCountInString(name) > maxName:
		return tooLong("An event's name", maxName)
	}
	return nil
}

// checkProperties hands each fault of an event's properties to add.
func checkProperties(properties []EventPropertyInput, add func(*logic.Error, ...string)) {
	if len(properties) > maxProperties {
		add(tooMany("An event has at most %d properties, not %d.", maxProperties, len(properties)), "properties")
		return
	}
	keys := make(map[string]bool, len(properties))
	for i, property := range properties {
		place := strconv.Itoa(i)
		switch {
		case property.Key == "":
			add(logic.Fault(logic.CodeRequired, "A property has a key."), "properties", place, "key")
		case keys[property.Key]:
			add(logic.Invalid("Each property's key is given once."), "properties", place, "key")
		case utf8.RuneCountInString(property.Key) > maxPropertyKey:
			add(tooLong("A property's key", maxPropertyKey), "properties", place, "key")
		}
		if utf8.RuneCountInString(property.Value) > maxPropertyValue {
			add(tooLong("A property's value", maxPropertyValue), "properties", place, "value")
		}
		keys[property.Key] = true
	}
}

func tooLong(what string, most int) *logic.Error {
	return logic.Fault(logic.CodeTooLong, "%s is at most %d characters long.", what, most)
}

// tooMany is the fault of a list with more entries than its limit; message has a %d for each.
func tooMany(message string, most, given int) *logic.Error {
	return logic.Fault(logic.CodeTooLong, message, most, given)
}

func isOdd(letter rune) bool { return unicode.IsControl(letter) }

// referrerHost returns the host that a reader came from, in lower case and without www.; "" for none, one that can't be
// read, and the site's own.
func referrerHost(referrer, ownHost string) string {
	host := hostOf(referrer)
	if host == ownHost {
		return ""
	}
	return host
}

// hostOf returns the host of an http or https address, in lower case and without www., or "".
func hostOf(address string) string {
	parsed, err := url.Parse(strings.TrimSpace(address))
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return ""
	}
	host := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(parsed.Hostname()), "www."), ".")
	if len(host) > maxHost || !utf8.ValidString(host) || strings.ContainsFunc(host, isNoHostLetter) {
		return ""
	}
	return host
}

func isNoHostLetter(letter rune) bool {
	return !unicode.IsLetter(letter) && !unicode.IsDigit(letter) && !unicode.IsMark(letter) && !strings.ContainsRune("-._:", letter)
}
