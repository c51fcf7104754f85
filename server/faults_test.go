package main

import (
	"errors"
	"fmt"
	"testing"

	"headwater/logic"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is on fire")
	busy := &logic.Error{Code: logic.CodeOverloaded, Message: "busy", Err: broken}
	places := places{"postUrl": "--post-url", "name": "NAME"}
	tests := map[string]struct {
		err   error
		says  string
		usage bool
	}{
		"nothing":              {nil, "<nil>", false},
		"one fault":            {logic.Invalid("is no address").At("postUrl"), "--post-url: is no address", true},
		"several":              {logic.Faults{logic.Invalid("x").At("name"), logic.Invalid("y").At("label", "3")}, "NAME: x\n--label: y", true},
		"one of no input":      {logic.NotFound("client"), "There is no such client.", true},
		"one in an error":      {fmt.Errorf("write: %w", logic.NotFound("client")), "There is no such client.", true},
		"what failed":          {broken, "the disk is on fire", false},
		"what failed, by code": {busy, "busy: the disk is on fire", false},
	}
	for name, test := range tests {
		err := places.explain(test.err)
		_, usage := errors.AsType[usageError](err)
		if fmt.Sprint(err) != test.says || usage != test.usage {
			t.Errorf("%s: %v, usage is %v", name, err, usage)
		}
	}
}
