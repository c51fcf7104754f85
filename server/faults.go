package main

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"headwater/logic"
)

// places name the flags and arguments of a command by the inputs that they are given as.
type places map[string]string

// explain tells the faults of what was asked for by flags and arguments, one a line. Other errors stay as they are.
func (p places) explain(err error) error {
	faults, ok := errors.AsType[logic.Faults](err)
	if !ok {
		fault, single := errors.AsType[*logic.Error](err)
		if !single {
			return err
		}
		faults = logic.Faults{fault}
	}
	lines := make([]string, len(faults))
	for i, fault := range faults {
		lines[i] = fault.Message
		if len(fault.Field) > 0 {
			lines[i] = p.name(fault.Field[0]) + ": " + fault.Message
		}
	}
	return usageError{errors.New(strings.Join(lines, "\n"))}
}

// name returns what an input is on the command line: the flag of the same name where nothing else is said.
func (p places) name(input string) string {
	if name, ok := p[input]; ok {
		return name
	}
	return "--" + input
}

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
