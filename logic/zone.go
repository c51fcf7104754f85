package logic

import (
	"fmt"
	"regexp"
	"sync"
	"time"
	_ "time/tzdata" // the zones of the world, also on a machine that has none
)

// zoneName is how the names of the time zone database are written. A machine keeps more beside it: posix/, right/, localtime.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9+_-]*(/[A-Z][A-Za-z0-9+_-]*){0,2}$`)

const (
	maxZoneName = 40   // bytes
	maxZones    = 1000 // more than the world has
)

// zones are those that were asked for, by name.
var zones struct {
	sync.RWMutex
	loaded map[string]*time.Location
}

// LoadZone returns the time zone with an IANA name, as Europe/Berlin; neither the empty name nor the machine's own zone is
// one. It keeps what it loaded, whoever asks, and never more than the world has.
func LoadZone(name string) (*time.Location, error) {
	if len(name) > maxZoneName || name == "Local" || !zoneName.MatchString(name) {
		return nil, fmt.Errorf("no time zone %q", name)
	}
	zones.RLock()
	zone, ok := zones.loaded[name]
	zones.RUnlock()
	if ok {
		return zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	zones.Lock()
	defer zones.Unlock()
	if zones.loaded == nil || len(zones.loaded) >= maxZones {
		zones.loaded = map[string]*time.Location{}
	}
	zones.loaded[name] = zone
	return zone, nil
}
