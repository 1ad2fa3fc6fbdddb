//! Writes numbers: the nearest to zero that the schemas allow.

use serde_json::{Number, Value};

use super::conjunction::Conjunction;

/// The numbers that are tried, the nearest to zero first; each variant has others.
pub(super) fn candidates(all: &Conjunction<'_>, is_integer: bool, variant: u64) -> Vec<Value> {
    let steps = all.each("multipleOf").filter_map(Value::as_number).map(Step::of);
    let step = steps.chain(is_integer.then_some(Some(Step::ONE))).reduce(|one, other| one?.common(other?));
    match step {
        Some(Some(step)) => {
            let near = on_steps(&Bounds::of(all, step), step, variant);
            let far = far(all, variant);
            // Limits beyond 64 bits are not among the bounds.
            if near.is_empty()
                || far.first().and_then(Value::as_f64).is_some_and(|first| first.abs() > LARGEST)
            {
                far
            } else {
                near
            }
        }
        Some(None) => far(all, variant),
        None => anywhere(all, variant),
    }
}

/// The largest number that 64 bits can hold, as a float.
const LARGEST: f64 = 18_446_744_073_709_551_615.0;

/// Whole numbers beyond a limit that is far from zero: floats, each a neighbour of the one before.
fn far(all: &Conjunction<'_>, variant: u64) -> Vec<Value> {
    let limits = |keywords: [&'static str; 2]| {
        keywords.into_iter().flat_map(|keyword| all.each(keyword)).filter_map(Value::as_f64)
    };
    let least = limits(["minimum", "exclusiveMinimum"]).reduce(f64::max).filter(|least| *least > WHOLE);
    let most = limits(["maximum", "exclusiveMaximum"]).reduce(f64::min).filter(|most| *most < -WHOLE);
    let step = all.each("multipleOf").filter_map(Value::as_f64).fold(1.0, f64::max);
    let Some(limit) = least.or(most) else { return Vec::new() };
    // The bits of a float that is further from zero are a greater number.
    let times = (limit / step).abs().ceil().to_bits();
    let beyond = |more| f64::from_bits(times.saturating_add(variant + more)) * step * limit.signum();
    [0, 1, 2].into_iter().map(beyond).filter_map(Number::from_f64).map(Value::Number).collect()
}

/// From here on all floats are whole.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A distance between numbers, as so many of a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    units: i128,
    /// The digits behind the point of a unit.
    digits: u32,
}

impl Step {
    const ONE: Self = Self { units: 1, digits: 0 };

    fn of(number: &Number) -> Option<Self> {
        let text = number.to_string();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let units: i128 = format!("{whole}{fraction}").parse().ok()?;
        let digits = i32::try_from(fraction.len()).ok()? - exponent.parse::<i32>().ok()?;
        let zeros = 10_i128.checked_pow(u32::try_from(-digits).unwrap_or(0))?;
        Some(Self { units: units.checked_mul(zeros)?, digits: u32::try_from(digits).unwrap_or(0) })
            .filter(|step| step.units > 0)
    }

    /// The smallest step that is so many of both.
    fn common(self, other: Self) -> Option<Self> {
        let digits = self.digits.max(other.digits);
        let units = |step: Self| step.units.checked_mul(10_i128.checked_pow(digits - step.digits)?);
        let (one, other) = (units(self)?, units(other)?);
        Some(Self { units: (one / common_divisor(one, other)).checked_mul(other)?, digits })
    }

    /// The number that is so many steps from zero.
    fn times(self, times: i128) -> Option<Value> {
        let units = self.units.checked_mul(times)?;
        if self.digits == 0 {
            return i64::try_from(units)
                .map(Value::from)
                .or_else(|_| u64::try_from(units).map(Value::from))
                .ok();
        }
        // Read from its digits, for the nearest float to 0.3 is not three times the nearest to 0.1.
        let number: f64 = format!("{units}e-{}", self.digits).parse().ok()?;
        let is_whole = units % 10_i128.checked_pow(self.digits)? == 0;
        let whole = units / 10_i128.pow(self.digits);
        if is_whole {
            i64::try_from(whole).map(Value::from).ok()
        } else {
            Number::from_f64(number).map(Value::Number)
        }
    }
}

fn common_divisor(one: i128, other: i128) -> i128 {
    if other == 0 { one } else { common_divisor(other, one % other) }
}

/// The first and the last step that are within the limits.
#[derive(Debug)]
struct Bounds {
    first: i128,
    last: i128,
}

impl Bounds {
    fn of(all: &Conjunction<'_>, step: Step) -> Self {
        let limits = |keyword: &'static str| {
            all.each(keyword).filter_map(Value::as_number).filter_map(move |limit| steps(limit, step))
        };
        let first = limits("minimum").map(|(below, exact)| if exact { below } else { below + 1 });
        let first = first.chain(limits("exclusiveMinimum").map(|(below, _)| below + 1)).max();
        let last = limits("maximum").map(|(below, _)| below);
        let last = last
            .chain(limits("exclusiveMaximum").map(|(below, exact)| if exact { below - 1 } else { below }))
            .min();
        Self { first: first.unwrap_or(i128::from(i64::MIN)), last: last.unwrap_or(i128::from(u64::MAX)) }
    }
}

/// How many whole steps a number is from zero, rounded down, and whether it is no more.
fn steps(number: &Number, step: Step) -> Option<(i128, bool)> {
    let text = number.to_string();
    let is_negative = text.starts_with('-');
    let Some(size) = Step::of(&text.trim_start_matches('-').parse().ok()?) else { return Some((0, true)) };
    let digits = size.digits.max(step.digits);
    let units = |step: Step| step.units.checked_mul(10_i128.checked_pow(digits - step.digits)?);
    let (number, step) = (units(size)?, units(step)?);
    let number = if is_negative { -number } else { number };
    Some((number.div_euclid(step), number.rem_euclid(step) == 0))
}

fn on_steps(bounds: &Bounds, step: Step, variant: u64) -> Vec<Value> {
    if bounds.first > bounds.last {
        return Vec::new();
    }
    let nearest = 0.clamp(bounds.first, bounds.last);
    let variant = i128::from(variant);
    let places = [
        nearest + variant,
        nearest - variant,
        nearest + variant + 1,
        nearest - variant - 1,
        bounds.first,
        bounds.last,
    ];
    let mut places: Vec<_> =
        places.into_iter().filter(|place| (bounds.first..=bounds.last).contains(place)).collect();
    places.dedup();
    places.into_iter().filter_map(|place| step.times(place)).collect()
}

/// Numbers where any fraction will do: whole ones, else the limits and what is between them.
fn anywhere(all: &Conjunction<'_>, variant: u64) -> Vec<Value> {
    let mut candidates = on_steps(&Bounds::of(all, Step::ONE), Step::ONE, variant);
    let nearest = candidates.first().and_then(Value::as_f64).unwrap_or(0.0);
    let limits = |keywords: [&'static str; 2]| {
        keywords.into_iter().flat_map(|keyword| all.each(keyword)).filter_map(Value::as_f64)
    };
    let least = limits(["minimum", "exclusiveMinimum"]).fold(f64::NEG_INFINITY, f64::max);
    let most = limits(["maximum", "exclusiveMaximum"]).fold(f64::INFINITY, f64::min);
    #[expect(clippy::cast_precision_loss, reason = "a few items")]
    let share = 1.0 / (variant as f64 + 2.0);
    let fractions = [least, most, least + (most - least) * share, nearest + 0.5, nearest - 0.5];
    candidates.extend(fractions.into_iter().filter_map(Number::from_f64).map(Value::Number));
    candidates
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Compares the first number that is tried.
    fn check(schema: &Value, expected: &Value) {
        let mut all = Conjunction::default();
        all.insert(schema.as_object().expect("a schema"));
        let is_integer = schema["type"] == "integer";
        assert_eq!(
            candidates(&all, is_integer, 0).first(),
            Some(expected).filter(|expected| !expected.is_null()),
            "{schema}"
        );
    }

    #[test]
    fn nearest_to_zero_is_tried_first() {
        check(&json!({"type": "integer"}), &json!(0));
        check(&json!({"type": "integer", "minimum": 3}), &json!(3));
        check(&json!({"type": "integer", "exclusiveMinimum": 3}), &json!(4));
        check(&json!({"type": "integer", "minimum": 2.5}), &json!(3));
        check(&json!({"type": "integer", "maximum": -2.5}), &json!(-3));
        check(&json!({"type": "integer", "exclusiveMaximum": -3}), &json!(-4));
        check(&json!({"type": "integer", "minimum": u64::MAX}), &json!(u64::MAX));
        check(&json!({"type": "integer", "minimum": 1, "multipleOf": 7}), &json!(7));
        check(&json!({"type": "integer", "minimum": 1, "multipleOf": 1.5}), &json!(3));
        check(&json!({"minimum": 0.25, "multipleOf": 0.1}), &json!(0.3));
        check(&json!({"minimum": 1e-7, "multipleOf": 1e-7}), &json!(1e-7));
        check(&json!({"exclusiveMinimum": 0}), &json!(1));
        check(&json!({"minimum": 0.25, "maximum": 0.5}), &json!(0.25));
        check(&json!({"type": "integer", "minimum": 1, "maximum": 0}), &Value::Null);
        check(&json!({"type": "integer", "minimum": 1e30}), &json!(1e30));
        check(&json!({"type": "integer", "maximum": -1e300}), &json!(-1e300));
    }
}
