package main

import (
	"cmp"
	"strings"
	"time"

	"headwater/logic"
)

// scopesOf returns scopes as they are written on the command line: in any case, and ALL for every one.
func scopesOf(texts []string) []logic.Scope {
	scopes := []logic.Scope{}
	for _, text := range texts {
		if strings.EqualFold(text, "all") {
			return logic.AllScopes.List()
		}
		scopes = append(scopes, logic.Scope(strings.ToUpper(text)))
	}
	return scopes
}

// upper is a text that is meant in capitals, however it is written.
type upper string

// UnmarshalText reads the text.
func (u *upper) UnmarshalText(text []byte) error {
	*u = upper(strings.ToUpper(string(text)))
	return nil
}

// shown writes scopes as they may be given, and empty where there are none.
func shown(scopes logic.Scopes, empty string) string {
	switch scopes {
	case 0:
		return empty
	case logic.AllScopes:
		return "ALL"
	}
	return scopes.String()
}

// stroke stands in a table where there is nothing.
const stroke = "-"

func orStroke(text string) string { return cmp.Or(text, stroke) }

// date writes the day of a moment.
func date(moment logic.Moment) string { return moment.Time().Format(time.DateOnly) }

// minute writes a moment to the minute.
func minute(moment *logic.Moment) string {
	if moment == nil {
		return stroke
	}
	return moment.Time().Format("2006-01-02T15:04Z")
}
