package web

import (
	"regexp"
	"strconv"
	"time"
)

// Tab is one query that the playground opens with.
type Tab struct {
	// Name is the operation's name.
	Name  string
	Query string
	// Variables is a JSON object.
	Variables string
}

var dayPlaceholder = regexp.MustCompile(`\{\{today(?:-(\d+))?\}\}`)

// PlaygroundTabs returns the tabs that the playground opens with, in their order. Where variables name days, they are
// counted from the calendar day of today in UTC, as the browser does it.
func PlaygroundTabs(today time.Time) []Tab {
	var tabs []Tab
	readJSON("tabs.json", &tabs)
	for i := range tabs {
		tabs[i].Variables = fillDays(tabs[i].Variables, today.UTC())
	}
	return tabs
}

// fillDays replaces {{today}} and {{today-29}} by calendar days as YYYY-MM-DD.
func fillDays(template string, today time.Time) string {
	return dayPlaceholder.ReplaceAllStringFunc(template, func(placeholder string) string {
		days := 0
		if digits := dayPlaceholder.FindStringSubmatch(placeholder)[1]; digits != "" {
			// The pattern lets only digits through, so it is a number.
			days, _ = strconv.Atoi(digits)
		}
		return today.AddDate(0, 0, -days).Format(time.DateOnly)
	})
}
