// The Lucide icons in use, in one chunk; pages written in Python draw them through components/icon.py.
import ArrowDown from "lucide-react/dist/esm/icons/arrow-down.mjs";
import ArrowUp from "lucide-react/dist/esm/icons/arrow-up.mjs";
import Bell from "lucide-react/dist/esm/icons/bell.mjs";
import Board from "lucide-react/dist/esm/icons/square-kanban.mjs";
import Building from "lucide-react/dist/esm/icons/building-2.mjs";
import Calendar from "lucide-react/dist/esm/icons/calendar.mjs";
import At from "lucide-react/dist/esm/icons/at-sign.mjs";
import Bars from "lucide-react/dist/esm/icons/chart-bar.mjs";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import ChevronDown from "lucide-react/dist/esm/icons/chevron-down.mjs";
import ChevronLeft from "lucide-react/dist/esm/icons/chevron-left.mjs";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import Circle from "lucide-react/dist/esm/icons/circle-dot.mjs";
import Columns from "lucide-react/dist/esm/icons/columns-3.mjs";
import Copy from "lucide-react/dist/esm/icons/copy.mjs";
import Download from "lucide-react/dist/esm/icons/download.mjs";
import Ellipsis from "lucide-react/dist/esm/icons/ellipsis.mjs";
import Eye from "lucide-react/dist/esm/icons/eye.mjs";
import Flame from "lucide-react/dist/esm/icons/flame.mjs";
import Fold from "lucide-react/dist/esm/icons/chevrons-right-left.mjs";
import Gauge from "lucide-react/dist/esm/icons/gauge.mjs";
import Globe from "lucide-react/dist/esm/icons/globe.mjs";
import Grip from "lucide-react/dist/esm/icons/grip-vertical.mjs";
import Hand from "lucide-react/dist/esm/icons/hand.mjs";
import Help from "lucide-react/dist/esm/icons/circle-question-mark.mjs";
import Keyboard from "lucide-react/dist/esm/icons/keyboard.mjs";
import LogOut from "lucide-react/dist/esm/icons/log-out.mjs";
import Lost from "lucide-react/dist/esm/icons/circle-x.mjs";
import Mail from "lucide-react/dist/esm/icons/mail.mjs";
import Monitor from "lucide-react/dist/esm/icons/monitor.mjs";
import Moon from "lucide-react/dist/esm/icons/moon.mjs";
import Network from "lucide-react/dist/esm/icons/network.mjs";
import Note from "lucide-react/dist/esm/icons/sticky-note.mjs";
import Pencil from "lucide-react/dist/esm/icons/pencil.mjs";
import Phone from "lucide-react/dist/esm/icons/phone.mjs";
import Pin from "lucide-react/dist/esm/icons/pin.mjs";
import Plus from "lucide-react/dist/esm/icons/plus.mjs";
import Reload from "lucide-react/dist/esm/icons/rotate-cw.mjs";
import Route from "lucide-react/dist/esm/icons/route.mjs";
import Search from "lucide-react/dist/esm/icons/search.mjs";
import Settings from "lucide-react/dist/esm/icons/settings.mjs";
import ShieldAlert from "lucide-react/dist/esm/icons/shield-alert.mjs";
import ShieldCheck from "lucide-react/dist/esm/icons/shield-check.mjs";
import Snowflake from "lucide-react/dist/esm/icons/snowflake.mjs";
import Sparkles from "lucide-react/dist/esm/icons/sparkles.mjs";
import Star from "lucide-react/dist/esm/icons/star.mjs";
import Sun from "lucide-react/dist/esm/icons/sun.mjs";
import Target from "lucide-react/dist/esm/icons/target.mjs";
import Tasks from "lucide-react/dist/esm/icons/list-todo.mjs";
import Timer from "lucide-react/dist/esm/icons/timer.mjs";
import Trash from "lucide-react/dist/esm/icons/trash-2.mjs";
import Upload from "lucide-react/dist/esm/icons/upload.mjs";
import User from "lucide-react/dist/esm/icons/user-round.mjs";
import Users from "lucide-react/dist/esm/icons/users-round.mjs";
import Won from "lucide-react/dist/esm/icons/trophy.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";

const ICONS = {
  ArrowDown, ArrowUp, At, Bars, Bell, Board, Building, Calendar, Check, ChevronDown, ChevronLeft, ChevronRight, Circle, Columns, Copy, Download, Ellipsis, Eye, Flame, Fold, Gauge, Globe, Grip, Hand, Help, Keyboard, LogOut, Lost,
  Mail, Monitor, Moon, Network, Note, Pencil, Phone, Pin, Plus, Reload, Route, Search, Settings, ShieldAlert, ShieldCheck, Snowflake, Sparkles, Star, Sun, Target, Tasks, Timer, Trash, Upload, User, Users, Won, X,
};

export function Icon({ name, size = 16, ...rest }) {
  const Drawn = ICONS[name];
  return <Drawn size={size} strokeWidth={1.5} aria-hidden="true" focusable="false" {...rest} />;
}
