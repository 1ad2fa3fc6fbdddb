//! The macro that declares enums which keep the values they do not know.

/// Declares a string enum with a variant `Other` for values of a newer API.
///
/// Known values are read and written without an allocation.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        ///
        /// A string on the wire. A value that this version does not know is kept in `Other`.
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$variant_meta])*
                #[doc = ""]
                #[doc = concat!("On the wire: `", $text, "`.")]
                $variant,
            )+
            /// A value that this version does not know.
            ///
            /// Make it with `from`, which gives the named variant to a known value.
            Other(String),
        }

        impl $name {
            /// The texts of the named variants, in their order.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];

            /// Returns the text that stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }

            fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Other(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or(Self::Other(text))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::shape::Shape for $name {
            const EXPECTING: &'static str = "a string";

            fn from_text<E: serde::de::Error>(text: std::borrow::Cow<'_, str>) -> Result<Self, E> {
                Ok(Self::known(&text).unwrap_or_else(|| Self::Other(text.into_owned())))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::shape::read(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::json_schema::open_enum(Self::KNOWN)
            }
        }
    };
}

pub(crate) use open_enum;
