package main

import (
	"errors"
	"strings"

	"headwater/logic"
)

// places name the flags and arguments of a command by the inputs that they are given as.
type places map[string]string

// explain tells the faults of what was asked for by flags and arguments, one a line. What failed by itself stays as it is.
func (p places) explain(err error) error {
	switch logic.CodeOf(err) {
	case logic.CodeInternal, logic.CodeOverloaded, logic.CodeTimeout:
		return err
	}
	faults, _ := errors.AsType[logic.Faults](err)
	if fault, single := errors.AsType[*logic.Error](err); single {
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
