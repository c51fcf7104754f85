package webhook

import (
	"fmt"
	"time"

	"headwater/logic"
)

// Delivery is a message to one webhook, and what came of it. Only those with SITE_WRITE see it.
type Delivery struct {
	ID        logic.DeliveryID
	WebhookID logic.WebhookID
	NoticeID  string
	Event     Event
	PostID    *logic.PostID // nil for a ping
	Payload   string        // the JSON that is sent
	State     State
	Attempts  int // since it was last asked for
	CreatedAt logic.Moment
	// NextAttemptAt is when it is tried next; nil where it waits for an earlier one about the same post, and once it is finished. While
	// it is under way, it is when it is tried again should this program end meanwhile.
	NextAttemptAt *logic.Moment
	IsUnderWay    bool
	LastAttemptAt *logic.Moment
	FinishedAt    *logic.Moment
	LastStatus    *int    // of the last answer; nil where there was none
	LastError     *string // why the last try failed; nil where it did not
}

// NodeID returns the delivery's identity across all types.
func (d Delivery) NodeID() logic.ID { return d.ID.ID() }

// EventID returns the ID that all messages about the same have, by which receivers know one that comes again.
func (d Delivery) EventID() string { return d.NoticeID }

// State says what became of a delivery.
type State string

// The states of a delivery.
const (
	Pending   State = "PENDING"
	Delivered State = "DELIVERED"
	Failed    State = "FAILED"
)

// waits are how long to wait behind each try that failed, three days together; no try is made behind the last of them.
var waits = []time.Duration{
	10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
	3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// jitter is by which share a wait is shorter or longer at most, so that what failed together does not come together again.
const jitter = 0.2

// after returns the delivery after a try that ended at now with a status, or with an error where there was no answer. Chance, from 0 to
// below 1, decides how long a wait gets.
func (d Delivery) after(status int, err error, now logic.Moment, chance float64) Delivery {
	d.IsUnderWay, d.NextAttemptAt, d.LastStatus, d.LastError = false, nil, nil, nil
	if err != nil {
		d.LastError = new(err.Error())
	} else {
		d.LastStatus = &status
		if status < 200 || status > 299 {
			d.LastError = new(fmt.Sprintf("The answer was %d.", status))
		}
	}
	switch {
	case d.LastError == nil:
		d.State, d.FinishedAt = Delivered, &now
	case d.Attempts > len(waits):
		d.State, d.FinishedAt = Failed, &now
	default:
		wait := float64(waits[d.Attempts-1]) * (1 - jitter + 2*jitter*chance)
		d.NextAttemptAt = new(now.Add(time.Duration(wait)))
	}
	return d
}

// cutShort returns the delivery after a try that this program ended before there was an answer: as if it had not been made.
func (d Delivery) cutShort(now logic.Moment) Delivery {
	d.IsUnderWay, d.NextAttemptAt = false, &now
	d.Attempts--
	return d
}
