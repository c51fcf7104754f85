package guard

import (
	"github.com/vektah/gqlparser/v2/ast"

	"headwater/logic"
)

// longestDay is how many minutes a day has on which clocks go back.
const longestDay = 25 * 60

// entries returns how long the series gets that the field's argument named interval asks for, unknown where it has none. Where
// no value can be read out of it, the series counts as the longest of all intervals.
func (t *teller) entries(field *ast.Field, days int) int {
	definition := field.Definition.Arguments.ForName("interval")
	if definition == nil {
		return unknown
	}
	value := definition.DefaultValue
	if argument := field.Arguments.ForName("interval"); argument != nil && !t.isLeftOut(argument.Value) {
		value = argument.Value
	}
	if series, ok := t.weights.Series[definition.Type.Name()+"."+t.text(value)]; ok {
		return series.entries(days)
	}
	most := 0
	for _, series := range t.weights.Series {
		most = max(most, series.entries(days))
	}
	return most
}

// entries returns how many entries there are in a number of days; the first and the last may be cut.
func (s Series) entries(days int) int {
	if days == unknown {
		return s.Most
	}
	return min(times(days, longestDay)/s.Minutes+2, s.Most)
}

// days returns how many days the field's argument named range spans, and above where it has none. A range of which an end
// can't be read is unknown.
func (t *teller) days(field *ast.Field, above int) int {
	argument := field.Arguments.ForName("range")
	if argument == nil {
		return above
	}
	from, fromErr := logic.ParseDay(t.member(argument.Value, "from"))
	to, toErr := logic.ParseDay(t.member(argument.Value, "to"))
	if fromErr != nil || toErr != nil || to < from {
		return unknown
	}
	return int(to-from) + 1
}

// member returns the text that a member of an input object holds; empty where it holds none.
func (t *teller) member(object *ast.Value, name string) string {
	if object.Kind == ast.Variable {
		members, _ := t.variables[object.Raw].(map[string]any)
		text, _ := members[name].(string)
		return text
	}
	return t.text(object.Children.ForName(name))
}

// text returns the text or enum value that a value holds; empty where it holds none.
func (t *teller) text(value *ast.Value) string {
	switch {
	case value == nil:
		return ""
	case value.Kind == ast.Variable:
		text, _ := t.variables[value.Raw].(string)
		return text
	}
	return value.Raw
}

// isLeftOut tells whether a value is a variable that was not given, so that the argument's default holds.
func (t *teller) isLeftOut(value *ast.Value) bool {
	_, given := t.variables[value.Raw]
	return value.Kind == ast.Variable && !given
}
