package webhook

import (
	"slices"
	"strconv"
	"strings"

	"headwater/logic"
)

// maxDescription is how long a description may be, in characters.
const maxDescription = 1000

// check returns the faults of a webhook: REQUIRED, TOO_LONG, INVALID; the field is the one at fault. The address that it had before is not
// looked at again: whoever changes something else need not be allowed what the server is.
func (s *Service) check(hook Webhook, before string) logic.Faults {
	var faults logic.Faults
	if fault := logic.CheckAddress(hook.URL); fault != nil {
		faults.Add(fault, "url")
	} else if hook.URL != before {
		faults.Add(s.options.Sender.CheckAddress(hook.URL), "url")
	}
	faults.Add(logic.CheckText(hook.Description, 0, maxDescription), "description")
	if len(hook.Events) == 0 {
		faults.Add(logic.Fault(logic.CodeRequired, "must not be empty: nothing would be sent"), "events")
	}
	for i, event := range hook.Events {
		if !event.canBeWanted() {
			faults.Add(logic.Invalid("must be one of POST_PUBLISHED, POST_CHANGED, POST_REMOVED"), "events", strconv.Itoa(i))
		}
	}
	return faults
}

// trimmed returns the webhook without blanks around its texts.
func (w Webhook) trimmed() Webhook {
	w.URL, w.Description = strings.TrimSpace(w.URL), strings.TrimSpace(w.Description)
	return w
}

// inOrder returns those of events that can be wanted, each once, in the order of all.
func inOrder(events []Event) []Event {
	var ordered []Event
	for _, event := range wanted {
		if slices.Contains(events, event) {
			ordered = append(ordered, event)
		}
	}
	return ordered
}
