package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"

	"headwater/logic"
)

// secret is what no image may say once it was read.
const secret = "52.5200N 13.4050E"

// scene returns an image whose four quarters can be told apart: red, green, blue and white, from the top left as one reads.
func scene(width, height int) *image.NRGBA {
	made := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			made.Set(x, y, quarters[2*(2*y/height)+2*x/width])
		}
	}
	return made
}

var quarters = []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}

// asJPEG returns an image as JPEG that says secret in every way that JPEG has, and an orientation.
func asJPEG(t *testing.T, made image.Image, orientation int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, made, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	data := bytes.Clone(out.Bytes()[:2])
	for _, segment := range []struct {
		marker byte
		said   string
	}{
		{jpegApp0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x01\x01" + secret[:3]},
		{jpegApp0, "JFXX\x00" + secret},
		{jpegApp1, string(exif(orientation))},
		{jpegApp1, "http://ns.adobe.com/xap/1.0/\x00" + secret},
		{jpegApp2, "ICC_PROFILE\x00\x01\x01" + string(profile)},
		{jpegApp2, "MPF\x00" + secret},
		{jpegApp0 + 13, "Photoshop 3.0\x00" + secret},
		{jpegComment, secret},
	} {
		data = append(data, 0xff, segment.marker)
		data = binary.BigEndian.AppendUint16(data, uint16(len(segment.said)+2))
		data = append(data, segment.said...)
	}
	return append(append(data, out.Bytes()[2:]...), "a film, taken at "+secret...)
}

// exif returns EXIF that says an orientation and secret.
func exif(orientation int) []byte {
	said := append(bytes.Clone(exifHead), "MM\x00\x2a\x00\x00\x00\x08\x00\x02"...)
	said = append(said, 0x01, 0x0e, 0, 2, 0, 0, 0, byte(len(secret)), 0, 0, 0, 38) // what the image shows
	said = append(said, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0)
	return append(append(said, 0, 0, 0, 0), secret...)
}

// profile is a colour profile as far as it is looked at.
var profile = []byte(strings.Repeat("p", 16) + "RGB XYZ " + strings.Repeat("p", 300))

// asPNG returns an image as PNG that says secret and an orientation.
func asPNG(t *testing.T, made image.Image, orientation int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, made); err != nil {
		t.Fatal(err)
	}
	const first = len(pngHead) + pngFront + 13 + pngBack
	data := bytes.Clone(out.Bytes()[:first])
	for name, said := range map[string]string{
		"tEXt": "Comment\x00" + secret, "iTXt": "XML:com.adobe.xmp\x00\x00\x00\x00\x00" + secret, "eXIf": string(exif(orientation)[len(exifHead):]),
		"tIME": "123456" + "7", "prVt": secret,
	} {
		data = appendChunk(data, name, []byte(said))
	}
	return append(append(data, out.Bytes()[first:]...), secret...)
}

// asGIF returns images as GIF that says secret.
func asGIF(t *testing.T, images ...image.Image) []byte {
	t.Helper()
	film := &gif.GIF{}
	for _, made := range images {
		framed := image.NewPaletted(made.Bounds(), color.Palette{quarters[0], quarters[1], quarters[2], quarters[3]})
		for y := range made.Bounds().Dy() {
			for x := range made.Bounds().Dx() {
				framed.Set(x, y, made.At(x, y))
			}
		}
		film.Image, film.Delay = append(film.Image, framed), append(film.Delay, 10)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, film); err != nil {
		t.Fatal(err)
	}
	data := out.Bytes()
	behind := gifHead + gifTable(data[10])
	said := "\x21\xfe" + string(rune(len(secret))) + secret + "\x00" + "\x21\xff\x0bXMP DataXMP" + string(rune(len(secret))) + secret + "\x00"
	return append(append(append(bytes.Clone(data[:behind]), said...), data[behind:]...), secret...)
}

// mustRead reads an image and checks that nothing of it says secret, and that all of it can be read.
func mustRead(t *testing.T, data []byte) Picture {
	t.Helper()
	picture, err := Read(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(picture.Copies, picture.File) {
		if bytes.Contains(file.Data, []byte(secret)) || bytes.Contains(file.Data, []byte("Exif")) {
			t.Errorf("%s of %d pixels still says what it must not", file.MimeType, file.Width)
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(file.Data))
		if err != nil || config.Width != file.Width || config.Height != file.Height || "image/"+format != file.MimeType {
			t.Errorf("%+v is %s of %d × %d (%v)", file.MimeType, format, config.Width, config.Height, err)
		}
	}
	return picture
}

// mustShow checks that an image shows the scene.
func mustShow(t *testing.T, file File) {
	t.Helper()
	decoded, _, err := image.Decode(bytes.NewReader(file.Data))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range quarters {
		x, y := file.Width*(1+2*(i%2))/4, file.Height*(1+2*(i/2))/4
		got := color.NRGBAModel.Convert(decoded.At(x, y)).(color.NRGBA)
		if far(got.R, want.R) || far(got.G, want.G) || far(got.B, want.B) {
			t.Errorf("quarter %d is %v, not %v", i, got, want)
		}
	}
}

func far(a, b byte) bool { return max(a, b)-min(a, b) > 30 }

func TestImagesSayNothingOfWhoeverTookThem(t *testing.T) {
	for name, data := range map[string][]byte{
		JPEG: asJPEG(t, scene(400, 200), 1), PNG: asPNG(t, scene(400, 200), 1), GIF: asGIF(t, scene(400, 200)),
	} {
		picture := mustRead(t, data)
		mustShow(t, picture.File)
		if picture.MimeType != name || len(picture.Copies) != 1 || picture.Copies[0].Width != 320 || picture.Copies[0].Height != 160 {
			t.Errorf("%s: %s with %d copies", name, picture.MimeType, len(picture.Copies))
		}
		mustShow(t, picture.Copies[0])
		if again := mustRead(t, picture.Data); !bytes.Equal(again.Data, picture.Data) {
			t.Errorf("%s: what is clean changes when it is cleaned", name)
		}
	}
}

func TestImagesOfNormalOrientationKeepEveryPixel(t *testing.T) {
	for name, data := range map[string][]byte{JPEG: asJPEG(t, scene(90, 60), 1), PNG: asPNG(t, scene(90, 60), 1), GIF: asGIF(t, scene(90, 60))} {
		before, _, err := image.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		after, _, err := image.Decode(bytes.NewReader(mustRead(t, data).Data))
		if err != nil {
			t.Fatal(err)
		}
		for y := range 60 {
			for x := range 90 {
				if before.At(x, y) != after.At(x, y) {
					t.Fatalf("%s: %d, %d is %v, not %v", name, x, y, after.At(x, y), before.At(x, y))
				}
			}
		}
	}
}

// lie returns an image as a camera stores it that says orientation.
func lie(upright image.Image, orientation int) image.Image {
	width, height := upright.Bounds().Dx(), upright.Bounds().Dy()
	size := image.Rect(0, 0, width, height)
	if orientation >= 5 {
		size = image.Rect(0, 0, height, width)
	}
	stored := image.NewNRGBA(size)
	for y := range height {
		for x := range width {
			at := []image.Point{
				{x, y}, {width - 1 - x, y}, {width - 1 - x, height - 1 - y}, {x, height - 1 - y},
				{y, x}, {y, width - 1 - x}, {height - 1 - y, width - 1 - x}, {height - 1 - y, x},
			}[orientation-1]
			stored.Set(at.X, at.Y, upright.At(x, y))
		}
	}
	return stored
}

func TestImagesStandUpright(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		for name, data := range map[string][]byte{
			JPEG: asJPEG(t, lie(scene(400, 200), orientation), orientation), PNG: asPNG(t, lie(scene(400, 200), orientation), orientation),
		} {
			t.Run(fmt.Sprint(name, orientation), func(t *testing.T) {
				picture := mustRead(t, data)
				if picture.Width != 400 || picture.Height != 200 || len(picture.Copies) != 1 {
					t.Fatalf("%d × %d with %d copies", picture.Width, picture.Height, len(picture.Copies))
				}
				mustShow(t, picture.File)
				mustShow(t, picture.Copies[0])
			})
		}
	}
}

func TestCopiesAreMadeBelowTheWidthOfAnImage(t *testing.T) {
	for width, want := range map[int][]int{
		320: nil, 321: {320}, 640: {320}, 1000: {320, 640, 960}, 1920: {320, 640, 960, 1280}, 2500: {320, 640, 960, 1280, 1920},
	} {
		picture := mustRead(t, asJPEG(t, scene(width, 200), 1))
		var got []int
		for _, file := range picture.Copies {
			got = append(got, file.Width)
			if file.MimeType != JPEG || file.Height != (200*file.Width+width/2)/width {
				t.Errorf("%d: %s of %d × %d", width, file.MimeType, file.Width, file.Height)
			}
			mustShow(t, file)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%d: copies at %v, not at %v", width, got, want)
		}
	}
	if picture := mustRead(t, asPNG(t, scene(5000, 1), 1)); len(picture.Copies) != 5 || picture.Copies[0].Height != 1 {
		t.Errorf("a line has %d copies", len(picture.Copies))
	}
}

func TestCopiesKeepWhatLetsThrough(t *testing.T) {
	clear := scene(700, 350)
	for x := range 350 {
		for y := range 175 {
			clear.Set(x, y, color.NRGBA{})
		}
	}
	picture := mustRead(t, asPNG(t, clear, 1))
	for _, file := range picture.Copies {
		decoded, _, err := image.Decode(bytes.NewReader(file.Data))
		if err != nil || file.MimeType != PNG {
			t.Fatal(file.MimeType, err)
		}
		if _, _, _, alpha := decoded.At(2, 2).RGBA(); alpha != 0 {
			t.Errorf("%d: the clear quarter is not clear", file.Width)
		}
	}
}

func TestCopiesKeepHowColoursAreMeant(t *testing.T) {
	picture := mustRead(t, asJPEG(t, lie(scene(400, 200), 6), 6))
	for _, file := range append(picture.Copies, picture.File) {
		if clean, err := cleanJPEG(file.Data); err != nil || !bytes.Equal(clean.profile, profile) {
			t.Errorf("%d: the profile is %q (%v)", file.Width, clean.profile, err)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, scene(4, 4)); err != nil {
		t.Fatal(err)
	}
	if clean, err := cleanPNG(encoder{profile: profile}.profilePNG(out.Bytes())); err != nil || !bytes.Equal(clean.profile, profile) {
		t.Errorf("the profile is %q (%v)", clean.profile, err)
	}
}

func TestAnimationsStayWhole(t *testing.T) {
	data := asGIF(t, scene(400, 200), scene(400, 200), scene(400, 200))
	picture := mustRead(t, data)
	film, err := gif.DecodeAll(bytes.NewReader(picture.Data))
	if err != nil || len(film.Image) != 3 || len(picture.Copies) != 0 || film.LoopCount != 0 {
		t.Errorf("%d images, %d copies, repeated %d times (%v)", len(film.Image), len(picture.Copies), film.LoopCount, err)
	}
	moving := appendChunk(asPNG(t, scene(400, 200), 1)[:len(pngHead)+pngFront+13+pngBack], "acTL", []byte{0, 0, 0, 1, 0, 0, 0, 0})
	moving = append(moving, asPNG(t, scene(400, 200), 1)[len(pngHead)+pngFront+13+pngBack:]...)
	if picture := mustRead(t, moving); len(picture.Copies) != 0 || !bytes.Contains(picture.Data, []byte("acTL")) {
		t.Errorf("a moving PNG has %d copies", len(picture.Copies))
	}
}

// webp returns an extended WebP of chunks, each with its name in front.
func webp(chunks ...string) []byte {
	body := "WEBP"
	for _, chunk := range chunks {
		said := chunk[4:]
		body += chunk[:4] + string(binary.LittleEndian.AppendUint32(nil, uint32(len(said)))) + said + strings.Repeat("\x00", len(said)%2)
	}
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body)
}

// vp8x returns the first chunk of an extended WebP.
func vp8x(flags byte, width, height int) string {
	return "VP8X" + string([]byte{flags, 0, 0, 0, byte(width - 1), byte((width - 1) >> 8), 0, byte(height - 1), byte((height - 1) >> 8), 0})
}

// oneColour is a WebP without losses of 1 × 1 pixel.
const oneColour = "VP8L\x2f\x00\x00\x00\x00\x07\xd0\xff\xfe\xf7\xbf\xff\x81\x88\xe8\x7f\x00\x00"

func TestWebPIsRead(t *testing.T) {
	data := webp(vp8x(webpEXIF|webpXMP, 1, 1), oneColour, "EXIF"+string(exif(1)), "XMP "+secret, "ABCD"+secret)
	picture := mustRead(t, append(data, secret...))
	if picture.MimeType != WebP || picture.Width != 1 || picture.Data[20] != 0 {
		t.Errorf("%s of %d, flags %x", picture.MimeType, picture.Width, picture.Data[20])
	}
	if turned := mustRead(t, webp(vp8x(webpEXIF, 1, 1), oneColour, "EXIF"+string(exif(6)))); turned.MimeType == WebP {
		t.Error("a lying WebP is kept lying")
	}
	frame := "ANMF" + strings.Repeat("\x00", webpFrame) + string(webp(oneColour, "EXIF"+secret)[webpHead:])
	film := mustRead(t, webp(vp8x(webpAnimated|webpEXIF, 900, 700), "ANIM\x00\x00\x00\x00\x00\x00", frame, frame, "EXIF"+secret))
	if film.MimeType != WebP || film.Width != 900 || film.Height != 700 || bytes.Count(film.Data, []byte("ANMF")) != 2 || len(film.Copies) != 0 {
		t.Errorf("%s of %d × %d with %d copies", film.MimeType, film.Width, film.Height, len(film.Copies))
	}
}

func TestImagesThatAreNotWholeAreRefused(t *testing.T) {
	film := webp(vp8x(webpAnimated, 9, 9), "ANMF"+strings.Repeat("\x00", webpFrame)+string(webp(oneColour)[webpHead:]))
	for name, data := range map[string][]byte{
		JPEG: asJPEG(t, scene(40, 20), 1), PNG: asPNG(t, scene(40, 20), 1), GIF: asGIF(t, scene(40, 20)), "moving": asGIF(t, scene(40, 20), scene(40, 20)),
		WebP: webp(oneColour), "film": film,
	} {
		whole := mustRead(t, data).Data
		for size := range len(whole) {
			if _, err := Read(t.Context(), bytes.NewReader(whole[:size])); logic.CodeOf(err) != logic.CodeInvalid {
				t.Fatalf("%s: %d bytes of %d are read: %v", name, size, len(whole), err)
			}
		}
		_, err := Read(t.Context(), bytes.NewReader(whole[:len(whole)-1]))
		if err == nil || !strings.Contains(err.Error(), "not whole") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBombsAreRefusedBeforeTheyAreDecoded(t *testing.T) {
	bombs := map[string][]byte{PNG: asPNG(t, scene(10, 10), 1), GIF: asGIF(t, scene(10, 10)), JPEG: asJPEG(t, scene(10, 10), 1)}
	header := bombs[PNG][len(pngHead)+pngFront:]
	binary.BigEndian.PutUint32(header, 10_000)
	binary.BigEndian.PutUint32(header[4:], 10_000)
	binary.BigEndian.PutUint32(header[13:], checksum(bombs[PNG][len(pngHead)+4:][:17]))
	binary.LittleEndian.PutUint32(bombs[GIF][6:], 0xff00ff00)
	frame := bytes.Index(bombs[JPEG], []byte{0xff, 0xc0})
	binary.BigEndian.PutUint32(bombs[JPEG][frame+5:], 0xff00ff00)
	bombs[WebP] = webp(vp8x(0, 9000, 9000), oneColour)
	for name, data := range bombs {
		_, err := Read(t.Context(), bytes.NewReader(data))
		if logic.CodeOf(err) != logic.CodeInvalid || !strings.Contains(err.Error(), "50 million") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(t.Context(), bytes.NewReader(webp(vp8x(0, 9, 9), "VP8L\x2f\xff\xff\xff\x0f"+oneColour[9:]))); logic.CodeOf(err) != logic.CodeInvalid {
		t.Errorf("an image larger than it says: %v", err)
	}
}

// headed returns a small PNG whose header says something else.
func headed(t *testing.T, width, height uint32, depth, colours, interlaced byte) []byte {
	t.Helper()
	data := asPNG(t, scene(10, 10), 1)
	header := data[len(pngHead)+pngFront:]
	binary.BigEndian.PutUint32(header, width)
	binary.BigEndian.PutUint32(header[4:], height)
	header[8], header[9], header[12] = depth, colours, interlaced
	binary.BigEndian.PutUint32(header[13:], checksum(data[len(pngHead)+4:][:17]))
	return data
}

func TestImagesThatTakeTooMuchMemoryAreRefusedBeforeTheyAreDecoded(t *testing.T) {
	progressive := asJPEG(t, scene(10, 10), 1)
	frame := bytes.Index(progressive, []byte{0xff, jpegFrame})
	progressive[frame+1] = jpegProgressive
	binary.BigEndian.PutUint32(progressive[frame+5:], 7071<<16|7071)
	lying := asJPEG(t, scene(10, 10), 6)
	binary.BigEndian.PutUint32(lying[frame+5:], 7071<<16|7071)
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"a line":            {headed(t, 50_000_000, 1, 8, 0, 0), "a side may have at most 65500"},
		"a thin line":       {headed(t, 50_000_000, 1, 1, 0, 0), "a side may have at most 65500"},
		"a pillar":          {headed(t, 1, 65_501, 8, 2, 0), "a side may have at most 65500"},
		"16 bits a colour":  {headed(t, 7071, 7071, 16, 6, 0), "stored as this one at most 37 million"},
		"16 bits of gray":   {headed(t, 7071, 7071, 16, 0, 0), "stored as this one at most 37 million"},
		"interlaced":        {headed(t, 7071, 7071, 8, 6, 1), "stored as this one at most 37 million"},
		"both":              {headed(t, 5000, 5000, 16, 6, 1), "stored as this one at most 18 million"},
		"progressive":       {progressive, "stored as this one at most 40 million"},
		"pale, lossless":    {webp(vp8x(0, 8000, 5000), oneColour), "stored as this one at most 37 million"},
		"nothing":           {headed(t, 10, 0, 8, 2, 0), "broken"},
		"a GIF of no lines": {append([]byte("GIF89a\x2f\x2a\x00\x00\x00\x00\x00"), gifEnd), "there is nothing to see"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(t.Context(), bytes.NewReader(test.data))
		runtime.ReadMemStats(&after)
		if logic.CodeOf(err) != logic.CodeInvalid || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
			t.Errorf("%s: %d bytes were taken", name, taken)
		}
	}
	if _, err := Read(t.Context(), bytes.NewReader(lying)); err == nil || !strings.Contains(err.Error(), "not whole") && !strings.Contains(err.Error(), "broken") {
		t.Errorf("a photograph of 50 million pixels that is to be turned is not decoded: %v", err)
	}
}

// TestNoCanvasStandsBesideAnImage counts what is taken beside the image itself: its copies, and what encodes them.
func TestNoCanvasStandsBesideAnImage(t *testing.T) {
	for name, test := range map[string]struct {
		made    image.Image
		decoded uint64 // bytes
	}{
		"16 bits a colour": {image.NewNRGBA64(image.Rect(0, 0, 2400, 2400)), 8 * 2400 * 2400},
		"a line":           {image.NewGray(image.Rect(0, 0, MaxSide, 3)), MaxSide * 3},
	} {
		var out bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, test.made); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		picture := mustRead(t, out.Bytes())
		runtime.ReadMemStats(&after)
		const beside = 40 << 20
		if taken := after.TotalAlloc - before.TotalAlloc; taken > test.decoded+beside {
			t.Errorf("%s: %d MB were taken", name, taken>>20)
		}
		if len(picture.Copies) != 5 {
			t.Errorf("%s has %d copies", name, len(picture.Copies))
		}
	}
}

func checksum(said []byte) uint32 {
	chunk := appendChunk(nil, string(said[:4]), said[4:])
	return binary.BigEndian.Uint32(chunk[len(chunk)-4:])
}

func TestOneImageIsReadAtATime(t *testing.T) {
	turn <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-turn
	failing := io.MultiReader(bytes.NewReader(asPNG(t, scene(4, 4), 1)), errorReader{})
	if _, err := Read(t.Context(), failing); !errors.Is(err, errReading) {
		t.Error(err)
	}
	mustRead(t, asPNG(t, scene(4, 4), 1)) // the turn was given back
}

var errReading = errors.New("the connection broke")

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errReading }

func FuzzRead(f *testing.F) {
	t := &testing.T{}
	for _, data := range [][]byte{asJPEG(t, scene(9, 5), 6), asPNG(t, scene(9, 5), 3), asGIF(t, scene(9, 5), scene(9, 5)), webp(vp8x(0, 1, 1), oneColour)} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && config.Width*config.Height > 1_000_000 {
			return // slow, and no different
		}
		picture, err := Read(t.Context(), bytes.NewReader(data))
		if err != nil {
			return
		}
		if _, err := Read(t.Context(), bytes.NewReader(picture.Data)); err != nil {
			t.Errorf("what was read can't be read again: %v", err)
		}
	})
}
